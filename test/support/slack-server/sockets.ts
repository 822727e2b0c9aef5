import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';

import { WebSocketServer, type WebSocket } from 'ws';

import type { Delivery } from './deliveries.ts';
import type { Json } from './slack-types.ts';
import type { World } from './world.ts';

export interface Sockets {
  /** A URL for one connection. */
  openUrl(origin: string): string;
  /** To one of the connections, by chance; false where there is none. */
  send(delivery: Delivery): boolean;
  count(): number;
  /** Says that connections will end. `warning` comes some seconds before; with `refresh_requested` the app has to come back. */
  announceEnd(reason: 'warning' | 'refresh_requested' | 'link_disabled', which?: 'all' | 'one'): void;
  /** Ends the connections without a word. */
  cut(): void;
  /** The connections of now are dead without knowing it: no pings, no pongs, and nothing is taken in. */
  freeze(): void;
  close(): void;
}

const pingMs = 5000;

/** Slack's side of Socket Mode. */
export function createSockets(
  server: Server,
  world: World,
  rules: { isRefused: () => boolean; acknowledge: (envelopeId: string, payload: Json) => void },
): Sockets {
  const tickets = new Set<string>();
  const open = new Set<WebSocket>();
  // Pongs go out by hand, so that a frozen connection can leave them away.
  const upgrader = new WebSocketServer({ noServer: true, autoPong: false });
  const frozen = new WeakSet<WebSocket>();
  const alive = (): WebSocket[] => [...open].filter((client) => !frozen.has(client));
  // The SDK gives a connection up where Slack's pings stay away for half a minute.
  const pings = setInterval(() => alive().forEach((client) => client.ping()), pingMs);

  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('ticket') ?? '';
    if (rules.isRefused()) return void socket.destroy();
    // Each URL is good for one connection.
    if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    upgrader.handleUpgrade(request, socket, head, (client) => welcome(client));
  });

  function welcome(client: WebSocket): void {
    open.add(client);
    client.on('ping', (data) => {
      if (!frozen.has(client)) client.pong(data);
    });
    client.on('close', () => {
      open.delete(client);
      world.signal.touch();
    });
    client.on('error', () => client.terminate());
    client.on('message', (data) => {
      if (!frozen.has(client)) receive((data as Buffer).toString('utf8'));
    });
    client.send(
      JSON.stringify({
        type: 'hello',
        connection_info: { app_id: world.bot.app },
        num_connections: open.size,
        debug_info: { host: 'applink-1', build_number: 1, approximate_connection_time: 18_060 },
      }),
    );
    client.ping('hello');
    world.signal.touch();
  }

  function receive(data: string): void {
    const { envelope_id, payload } = JSON.parse(data) as { envelope_id?: string; payload?: Json };
    if (envelope_id === undefined)
      world.violations.push(`A message without envelope_id came over the socket: ${data.slice(0, 100)}`);
    else rules.acknowledge(envelope_id, payload ?? {});
  }

  return {
    openUrl: (origin) => {
      const ticket = randomBytes(12).toString('hex');
      tickets.add(ticket);
      return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${world.bot.app}`;
    },
    send: ({ envelopeId, kind, payload, retries }) => {
      const clients = [...open].filter(({ readyState, OPEN }) => readyState === OPEN);
      const client = clients[Math.floor(Math.random() * clients.length)];
      client?.send(
        JSON.stringify({
          envelope_id: envelopeId,
          type: kind,
          payload,
          accepts_response_payload: kind !== 'events_api',
          ...(kind === 'events_api' && { retry_attempt: retries, retry_reason: retries > 0 ? 'timeout' : '' }),
        }),
      );
      return client !== undefined;
    },
    count: () => open.size,
    announceEnd: (reason, which = 'all') => {
      const chosen = which === 'all' ? [...open] : [...open].slice(0, 1);
      const text = JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-1' } });
      chosen.forEach((client) => client.send(text));
    },
    cut: () => [...open].forEach((client) => client.terminate()),
    freeze: () => open.forEach((client) => frozen.add(client)),
    close: () => {
      clearInterval(pings);
      [...open].forEach((client) => client.terminate());
      upgrader.close();
    },
  };
}
