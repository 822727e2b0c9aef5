import { randomUUID } from 'node:crypto';

import type { WebSocket } from 'ws';

/** What a bot has identified for: numbered events, kept so that they can be told again after a break. */
export interface GatewaySession {
  id: string;
  intents: number;
  /** Undefined while it is broken. */
  socket: WebSocket | undefined;
  readonly sequence: number;
  tell: (name: string, data: unknown) => void;
  /** Goes on at another socket with what came after `sequence`. */
  resume: (socket: WebSocket, sequence: number) => void;
}

export function createGatewaySession(first: WebSocket, intents: number): GatewaySession {
  const events: string[] = [];
  const session = {
    id: randomUUID().replaceAll('-', ''),
    intents,
    socket: first as WebSocket | undefined,
    get sequence() {
      return events.length;
    },
    tell(name: string, data: unknown) {
      events.push(JSON.stringify({ op: 0, t: name, s: events.length + 1, d: data }));
      session.socket?.send(events.at(-1) ?? '');
    },
    resume(socket: WebSocket, sequence: number) {
      session.socket = socket;
      for (const event of events.slice(sequence)) socket.send(event);
      session.tell('RESUMED', { _trace: [] });
    },
  };
  return session;
}
