import type { Server } from 'node:http';

import { WebSocketServer, type WebSocket } from 'ws';

import { createGatewaySession, type GatewaySession } from './gateway-session.ts';
import { allowedIntents, intentBits, privilegedIntents } from './intents.ts';
import { permissionBits, permissionsIn } from './permissions.ts';
import { isJson, type Json } from './rules/read-json.ts';
import { viewGuildCreate, viewUser } from './views.ts';
import type { World } from './world.ts';

const op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  resume: 6,
  reconnect: 7,
  members: 8,
  invalid: 9,
  hello: 10,
  ack: 11,
};

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const closed = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

export interface IdentifyLimit {
  total: number;
  remaining: number;
  resetAfterMs: number;
}

export interface GatewayOptions {
  world: World;
  heartbeatIntervalMs: number;
  identifyLimit: IdentifyLimit;
  onChange: () => void;
}

export interface Gateway {
  identifies: number;
  resumes: number;
  heartbeats: number;
  readonly sessions: Map<string, GatewaySession>;
  readonly sockets: Set<WebSocket>;
  /** Tells every session that asked for it. */
  dispatch: World['tell'];
  /** Op 7: please come again and resume. */
  askToReconnect: () => void;
  /** Op 9 to everybody connected; where it can't be resumed, the sessions are forgotten. */
  invalidate: (isResumable: boolean) => void;
  /** Closes the sockets; a session stays and can be resumed. Without a code the line just breaks. */
  disconnect: (code?: number) => void;
  /** Forgets the sessions, so that a resume is answered with op 9. */
  forget: () => void;
  close: () => void;
}

/** The gateway in JSON, without compression. */
export function attachGateway(
  server: Server,
  { world, heartbeatIntervalMs, identifyLimit, onChange }: GatewayOptions,
): Gateway {
  const sockets = new WebSocketServer({ server });
  const sessions = new Map<string, GatewaySession>();
  const sessionOf = (socket: WebSocket) => [...sessions.values()].find((session) => session.socket === socket);

  const gateway: Gateway = {
    identifies: 0,
    resumes: 0,
    heartbeats: 0,
    sessions,
    sockets: sockets.clients,
    dispatch({ name, guildId, channel, intent, data }) {
      if (channel && !(permissionsIn(world, channel, world.bot.id) & permissionBits.viewChannel)) return onChange();
      for (const session of sessions.values()) {
        if (intent !== undefined && !(session.intents & intent)) continue;
        if (guildId !== undefined && name !== 'GUILD_DELETE' && !world.guilds.get(guildId)?.members.has(world.bot.id))
          continue;
        session.tell(name, data(session.intents));
      }
      onChange();
    },
    askToReconnect: () => each((socket) => send(socket, { op: op.reconnect, d: null })),
    invalidate(isResumable) {
      if (!isResumable) sessions.clear();
      each((socket) => send(socket, { op: op.invalid, d: isResumable }));
    },
    disconnect: (code) => each((socket) => (code === undefined ? socket.terminate() : socket.close(code))),
    forget: () => sessions.clear(),
    close() {
      each((socket) => socket.terminate());
      sockets.close();
    },
  };
  const each = (act: (socket: WebSocket) => void) => sockets.clients.forEach(act);

  function identify(socket: WebSocket, { token, intents }: Json): void {
    gateway.identifies += 1;
    identifyLimit.remaining -= 1;
    // Discord resets the token of a bot that has used up its logins.
    if (identifyLimit.remaining < 0) world.token = `reset-${world.newId()}`;
    if (token !== world.token) return socket.close(closed.authenticationFailed, 'Authentication failed.');
    if (typeof intents !== 'number') return socket.close(closed.invalidIntents, 'Invalid intent(s).');
    if (intents & privilegedIntents & ~allowedIntents(world))
      return socket.close(closed.disallowedIntents, 'Disallowed intent(s).');
    const session = createGatewaySession(socket, intents);
    sessions.set(session.id, session);
    session.tell('READY', {
      v: 10,
      user: { ...viewUser(world.bot), verified: true, mfa_enabled: true, email: null },
      user_settings: {},
      guilds: ownGuilds().map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: gatewayUrl(world),
      shard: [0, 1],
      application: { id: world.application.id, flags: world.application.flags },
      private_channels: [],
      relationships: [],
      _trace: [],
    });
    if (intents & intentBits.guilds)
      for (const guild of ownGuilds()) session.tell('GUILD_CREATE', viewGuildCreate(world, guild, intents));
  }

  const ownGuilds = () => [...world.guilds.values()].filter(({ members }) => members.has(world.bot.id));

  function resume(socket: WebSocket, { token, session_id, seq }: Json): void {
    if (token !== world.token) return socket.close(closed.authenticationFailed, 'Authentication failed.');
    const session = sessions.get(String(session_id));
    if (!session) return send(socket, { op: op.invalid, d: false });
    if (typeof seq !== 'number' || seq > session.sequence) return socket.close(closed.invalidSequence, 'Invalid seq.');
    gateway.resumes += 1;
    session.resume(socket, seq);
  }

  function take(socket: WebSocket, text: string): void {
    const message = parse(text);
    if (!message) return socket.close(closed.decodeError, 'Error while decoding payload.');
    const data = isJson(message['d']) ? message['d'] : {};
    const session = sessionOf(socket);
    if (message['op'] === op.heartbeat) {
      gateway.heartbeats += 1;
      return send(socket, { op: op.ack });
    }
    if (message['op'] === op.identify || message['op'] === op.resume) {
      if (session) return socket.close(closed.alreadyAuthenticated, 'Already authenticated.');
      return message['op'] === op.identify ? identify(socket, data) : resume(socket, data);
    }
    if (!session) return socket.close(closed.notAuthenticated, 'Not authenticated.');
    if (message['op'] === op.members) return session.tell('GUILD_MEMBERS_CHUNK', membersChunk(world, data));
    if (message['op'] !== op.presence) return socket.close(closed.unknownOpcode, 'Unknown opcode.');
  }

  sockets.on('connection', (socket) => {
    send(socket, { op: op.hello, d: { heartbeat_interval: heartbeatIntervalMs, _trace: [] } });
    socket.on('message', (raw) => {
      take(socket, (raw as Buffer).toString('utf8'));
      onChange();
    });
    socket.on('close', () => {
      const session = sessionOf(socket);
      if (session) session.socket = undefined;
      onChange();
    });
  });
  return gateway;
}

export const gatewayUrl = (world: World): string => `${world.url.replace('http', 'ws')}/gateway`;

const send = (socket: WebSocket, message: unknown): void => socket.send(JSON.stringify(message));

function membersChunk(world: World, { guild_id, user_ids, nonce }: Json) {
  const wanted = Array.isArray(user_ids) ? user_ids : [user_ids];
  const guild = world.guilds.get(String(guild_id));
  const members = wanted.flatMap((id) => guild?.members.get(String(id)) ?? []);
  return {
    guild_id,
    members: members.map(({ user, ...rest }) => ({ ...rest, user: viewUser(user) })),
    chunk_index: 0,
    chunk_count: 1,
    nonce,
  };
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
