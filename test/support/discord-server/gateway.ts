import type { Server } from 'node:http';

import { WebSocketServer, type WebSocket } from 'ws';

import { op, send, sessionOf, takeLine, type Clients, type IdentifyLimit } from './gateway-lines.ts';
import { permissionBits, permissionsIn } from './permissions.ts';
import type { Dispatch, World } from './world.ts';

export interface GatewayOptions {
  world: World;
  heartbeatIntervalMs: number;
  identifyLimit: IdentifyLimit;
  onChange: () => void;
}

export interface Gateway extends Clients {
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
  /** From now on each connection is refused with 503, at once or when it is asked for. */
  shut: (how: 'at once' | 'when asked') => void;
  /** Connections are made again. */
  open: () => void;
  /** How many were refused, and those that wait for it. */
  readonly door: { refused: number; readonly waiting: (() => void)[] };
  close: () => void;
}

/** The gateway in JSON, without compression. */
export function attachGateway(
  server: Server,
  { world, heartbeatIntervalMs, identifyLimit, onChange }: GatewayOptions,
): Gateway {
  let shut: Parameters<Gateway['shut']>[0] | undefined;
  const door: Gateway['door'] = { refused: 0, waiting: [] };
  const sockets = new WebSocketServer({
    server,
    verifyClient(_info, answer) {
      if (shut === undefined) return answer(true);
      const refuse = (): void => {
        door.refused += 1;
        answer(false, 503);
        onChange();
      };
      if (shut === 'at once') return refuse();
      door.waiting.push(refuse);
      onChange();
    },
  });
  const each = (act: (socket: WebSocket) => void) => sockets.clients.forEach(act);
  const clients: Clients = { world, identifyLimit, sessions: new Map(), identifies: 0, resumes: 0, heartbeats: 0 };
  const { sessions } = clients;

  sockets.on('connection', (socket) => {
    send(socket, { op: op.hello, d: { heartbeat_interval: heartbeatIntervalMs, _trace: [] } });
    socket.on('message', (raw) => {
      takeLine(clients, socket, (raw as Buffer).toString('utf8'));
      onChange();
    });
    socket.on('close', () => {
      const session = sessionOf(clients, socket);
      if (session) session.socket = undefined;
      onChange();
    });
  });

  return Object.assign(clients, {
    sockets: sockets.clients,
    dispatch(event: Dispatch) {
      if (isTold(world, event))
        for (const session of sessions.values()) {
          if (event.intent === undefined || session.intents & event.intent)
            session.tell(event.name, event.data(session.intents));
        }
      onChange();
    },
    askToReconnect: () => each((socket) => send(socket, { op: op.reconnect, d: null })),
    invalidate(isResumable: boolean) {
      if (!isResumable) sessions.clear();
      each((socket) => send(socket, { op: op.invalid, d: isResumable }));
    },
    disconnect: (code?: number) => each((socket) => (code === undefined ? socket.terminate() : socket.close(code))),
    forget: () => sessions.clear(),
    shut: (how: 'at once' | 'when asked') => void (shut = how),
    open: () => void (shut = undefined),
    door,
    close() {
      each((socket) => socket.terminate());
      sockets.close();
    },
  });
}

/** The bot hears of guilds that it is in, and of channels that it sees. */
function isTold(world: World, { name, guildId, channel }: Dispatch): boolean {
  if (channel && !(permissionsIn(world, channel, world.bot.id) & permissionBits.viewChannel)) return false;
  if (guildId === undefined || name === 'GUILD_DELETE') return true;
  return world.guilds.get(guildId)?.members.has(world.bot.id) ?? false;
}
