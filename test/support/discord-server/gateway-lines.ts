import type { WebSocket } from 'ws';

import { createGatewaySession, type GatewaySession } from './gateway-session.ts';
import { allowedIntents, intentBits, privilegedIntents } from './intents.ts';
import { isJson, type Json } from './rules/read-json.ts';
import { viewGuildCreate, viewUser } from './views.ts';
import type { World } from './world.ts';

export const op = {
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

/** What the gateway knows of its clients. */
export interface Clients {
  world: World;
  identifyLimit: IdentifyLimit;
  sessions: Map<string, GatewaySession>;
  identifies: number;
  resumes: number;
  heartbeats: number;
}

export const sessionOf = ({ sessions }: Clients, socket: WebSocket): GatewaySession | undefined =>
  [...sessions.values()].find((session) => session.socket === socket);

/** Does what a client's line asks for. */
export function takeLine(clients: Clients, socket: WebSocket, text: string): void {
  const message = parse(text);
  if (!message) return socket.close(closed.decodeError, 'Error while decoding payload.');
  const data = isJson(message['d']) ? message['d'] : {};
  const session = sessionOf(clients, socket);
  if (message['op'] === op.heartbeat) {
    clients.heartbeats += 1;
    return send(socket, { op: op.ack });
  }
  if (message['op'] === op.identify || message['op'] === op.resume) {
    if (session) return socket.close(closed.alreadyAuthenticated, 'Already authenticated.');
    return message['op'] === op.identify ? identify(clients, socket, data) : resume(clients, socket, data);
  }
  if (!session) return socket.close(closed.notAuthenticated, 'Not authenticated.');
  if (message['op'] === op.members) return session.tell('GUILD_MEMBERS_CHUNK', membersChunk(clients.world, data));
  if (message['op'] !== op.presence) return socket.close(closed.unknownOpcode, 'Unknown opcode.');
}

function identify(clients: Clients, socket: WebSocket, { token, intents }: Json): void {
  const { world, identifyLimit, sessions } = clients;
  clients.identifies += 1;
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
    guilds: ownGuilds(world).map(({ id }) => ({ id, unavailable: true })),
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
    for (const guild of ownGuilds(world)) session.tell('GUILD_CREATE', viewGuildCreate(world, guild, intents));
}

const ownGuilds = (world: World) => [...world.guilds.values()].filter(({ members }) => members.has(world.bot.id));

function resume(clients: Clients, socket: WebSocket, { token, session_id, seq }: Json): void {
  const { world, sessions } = clients;
  if (token !== world.token) return socket.close(closed.authenticationFailed, 'Authentication failed.');
  const session = sessions.get(String(session_id));
  if (!session) return send(socket, { op: op.invalid, d: false });
  if (typeof seq !== 'number' || seq > session.sequence) return socket.close(closed.invalidSequence, 'Invalid seq.');
  clients.resumes += 1;
  session.resume(socket, seq);
}

export const gatewayUrl = (world: World): string => `${world.url.replace('http', 'ws')}/gateway`;

export const send = (socket: WebSocket, message: unknown): void => socket.send(JSON.stringify(message));

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
