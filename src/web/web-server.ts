import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createAdaptorServer } from '@hono/node-server';

import type { WebChat } from '../bots/web/web-chat.ts';
import { UserError } from '../model/user-error.ts';
import { createApp } from './create-app.ts';
import { createEventFeed } from './event-feed.ts';
import { createHostRules } from './host-rules.ts';
import { renderMessageJson } from './message-json.ts';
import type { OpsRoutesOptions } from './ops-routes.ts';
import type { Tokens } from './tokens.ts';
import type { WebDesk } from './web-desk.ts';

export interface WebServerOptions {
  /** The address to listen on. */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The address that people use from outside, where there is one. */
  url?: string | undefined;
  /** IANA zone for instants in plain text. */
  zone: string;
  chat: WebChat;
  desk: WebDesk;
  tokens: Tokens;
  metrics: OpsRoutesOptions['metrics'];
  metricsToken?: string | undefined;
  /** Logs a fault and returns its reference. */
  onFault: (error: unknown, where: string) => string;
  /** How often a watcher without news hears from us: 15 s unless given. */
  heartbeatMs?: number | undefined;
  /** How often a followed log is looked at: 500 ms unless given. */
  followMs?: number | undefined;
  /** How long a request may take to arrive, head and body: 30 s unless given. */
  requestWithinMs?: number | undefined;
}

export interface WebServer {
  /** Resolves when it listens. `url` is where, without a path. Rejects with a `UserError` where the port is taken. */
  start(): Promise<{ url: string }>;
  /** Ends streams, lets answers under way finish for up to two seconds, and closes. */
  stop(): Promise<void>;
}

const historyLength = 500;
const maxClients = 200;
/** With those that watch. One more is closed at once: each costs memory. */
const maxConnections = 500;
const closeGraceMs = 2000;
const closeIdleMs = 20;

/** The page, the API and the events over HTTP. Start it after the chat, and stop it before. */
export function createWebServer(options: WebServerOptions): WebServer {
  const { chat, zone, host, heartbeatMs = 15_000, followMs = 500, requestWithinMs = 30_000 } = options;
  let running: { server: Server; release: () => void } | undefined;

  return {
    async start() {
      if (running !== undefined) throw new Error('The web server is started already');
      const stopping = new AbortController();
      const feed = createEventFeed({
        epoch: randomBytes(6).toString('base64url'),
        render(id) {
          const message = chat.find(id);
          return message === undefined ? undefined : renderMessageJson(message, zone);
        },
        onFault: (error) => void options.onFault(error, 'telling those who watch'),
        heartbeatMs,
        historyLength,
        maxClients,
      });
      const stopListening = chat.onChange(({ kind, message }) => feed.publish(kind, message));
      const release = () => {
        stopListening();
        feed.stop();
        stopping.abort();
      };
      let port = options.port;
      let hostRules = createHostRules(host, port, options.url);
      const app = createApp({
        ...options,
        url: options.url,
        pageUrl: (path) => `${options.url?.replace(/\/$/, '') ?? addressOf(host, port)}${path}`,
        feed,
        followMs,
        signal: stopping.signal,
        hostRules: () => hostRules,
        // Cookies are kept by host name alone: two servers on one machine must not sign each other's people out.
        cookieName: () => `nightdesk-${port}`,
      });
      const server = createAdaptorServer({
        fetch: app.fetch,
        // Whoever sends a byte now and then must not hold a connection for long. Answers may take as long as they want.
        serverOptions: {
          headersTimeout: requestWithinMs,
          requestTimeout: requestWithinMs,
          connectionsCheckingInterval: Math.min(5_000, requestWithinMs),
        },
      }) as Server;
      server.maxConnections = maxConnections;
      try {
        port = await listen(server, host, options.port);
        hostRules = createHostRules(host, port, options.url);
      } catch (error) {
        release();
        throw error;
      }
      running = { server, release };
      return { url: addressOf(host, port) };
    },
    async stop() {
      const stopped = running;
      running = undefined;
      if (stopped === undefined) return;
      stopped.release();
      await close(stopped.server);
    },
  };
}

/** Where it can be asked. What stands for every address can be listened on, and is no name that `requireOurHost` lets in. */
function addressOf(host: string, port: number): string {
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new UserError(
        `Port ${port} of ${host} is taken. Set another one in nightdesk.yaml, such as web.port: ${port + 1}.`,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new UserError(
        `nightdesk can't listen on ${host}, port ${port} (${code}). Set web.host and web.port in nightdesk.yaml, such as 127.0.0.1 and 7007.`,
      );
    }
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  // A connection whose answer has just ended would be kept open for a next request.
  const idle = setInterval(() => server.closeIdleConnections(), closeIdleMs);
  const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  try {
    server.close();
    await once(server, 'close');
  } finally {
    clearInterval(idle);
    clearTimeout(timer);
  }
}
