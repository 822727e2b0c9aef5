import { setTimeout as pause } from 'node:timers/promises';

import { App, type webApi } from '@slack/bolt';
import type { Logger } from 'pino';

import { createAcknowledge, isEvent } from './acknowledge.ts';
import { createBoltLog } from './bolt-log.ts';
import { explainConnectFault, type ConnectFault } from './connect-fault.ts';
import { createHttpLink } from './http-link.ts';
import { createSockets } from './sockets.ts';
import { within } from '../within.ts';

/** How Slack reaches the bot. */
export type SlackTransport =
  | { mode: 'socket'; appToken: string }
  /** Slack posts to `path`; `port: 0` takes any free port. */
  | { mode: 'http'; signingSecret: string; host: string; port: number; path: string };

export interface ConnectOptions {
  transport: SlackTransport;
  botToken: string;
  /** `https://slack.com/api/`. */
  apiUrl: string;
  web: webApi.WebClient;
  /** Logs a fault and returns its reference. */
  onFault: (error: unknown, where: string) => string;
  log: Logger;
}

/** The bot itself, as Slack knows it. */
interface Self {
  botUserId: string;
  botId?: string;
}

export interface Connection {
  /** Where listeners are put. */
  app: App;
  /** Connects, now or when Slack can be reached. */
  start(): void;
  /** Whether Slack knows the bot, and what happens there gets here. */
  isUp(): boolean;
  /** Acknowledges what has arrived, and closes everything. */
  stop(): Promise<void>;
}

/** How long the end waits for what is being handled; it is acknowledged by then. */
const lastArrivalsMs = 5_000;
const lastAnswersMs = 1_000;
const longestPauseMs = 30_000;
/** How long an event waits at a start for who the bot is. Later on it is no wish of now. */
const identityMs = 30_000;
/** What is said again and again is logged once in this time. */
const repeatAfterMs = 10 * 60_000;

/** Bolt, with sockets and acknowledgements of our own below it. Where Slack is down, it is tried again until `stop`. */
export function connect({ transport, botToken, apiUrl, web, onFault, log }: ConnectOptions): Connection {
  const stopping = new AbortController();
  const { signal } = stopping;
  let self: Self | undefined;
  const say = createFaultTeller(log);
  const app = new App({
    // The transports below are started with Bolt's acknowledgements replaced by ours.
    receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
    authorize: async () => ({ botToken, ...self }),
    convoStore: false,
    logger: createBoltLog(log),
    clientOptions: { slackApiUrl: apiUrl },
  });
  app.error(async (error) => void onFault(error.original ?? error, 'what arrived from Slack'));
  const acknowledge = createAcknowledge({
    async handle(event) {
      // A mention of the bot, or a reaction on its message, is known by who it is.
      if (isEvent(event) && self === undefined) await within(identified, identityMs);
      await app.processEvent(event);
    },
    log,
  });
  const link =
    transport.mode === 'socket'
      ? createSockets({
          appToken: transport.appToken,
          apiUrl,
          boltLog: createBoltLog(log, { isQuiet: true }),
          onConnected: say.connected,
          onFault: say.fault,
        })
      : createHttpLink({ ...transport, boltLog: createBoltLog(log), onConnected: say.connected });

  const untilDone = (work: () => Promise<void>): Promise<void> => keepTrying(work, signal, say.fault);
  let identified = Promise.resolve();
  let running: Promise<unknown> | undefined;
  return {
    app,
    start() {
      identified = untilDone(async () => {
        self = await identifySelf(web);
      });
      // Over HTTP Slack looks for the address before there is a token. A socket brings events at once: who is the bot?
      const isFirst = transport.mode === 'http' ? Promise.resolve() : identified;
      const linked = isFirst.then(() => untilDone(() => link.run(acknowledge)));
      running = Promise.all([identified, linked]);
    },
    isUp: () => self !== undefined && link.isUp(),
    async stop() {
      stopping.abort();
      await within(acknowledge.settled(), lastArrivalsMs);
      await link.stop();
      // What still asks Slack who the bot is ends by itself.
      await within(running ?? Promise.resolve(), lastAnswersMs);
    },
  };
}

async function keepTrying(
  work: () => Promise<void>,
  signal: AbortSignal,
  onFault: (fault: ConnectFault) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (signal.aborted) return;
      const fault = explainConnectFault(error);
      onFault(fault);
      const pauseMs = fault.retryAfterMs ?? Math.min(longestPauseMs, 500 * 2 ** failures);
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function identifySelf(web: webApi.WebClient): Promise<Self> {
  const { user_id: botUserId, bot_id: botId } = await web.auth.test();
  if (botUserId === undefined) throw new Error('auth.test names no user');
  return { botUserId, ...(botId === undefined ? {} : { botId }) };
}

/** Logs what keeps Slack away, each thing once in a while, and its end. */
function createFaultTeller(log: Logger): { fault: (fault: ConnectFault) => void; connected: () => void } {
  let last: { message: string; at: number } | undefined;
  return {
    fault({ message }) {
      if (last?.message === message && performance.now() - last.at < repeatAfterMs) return;
      last = { message, at: performance.now() };
      log.warn(message);
    },
    connected() {
      log.info('Connected to Slack');
      last = undefined;
    },
  };
}
