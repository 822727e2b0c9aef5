import { setTimeout as pause } from 'node:timers/promises';

import { SocketModeReceiver, type App, type Logger as BoltLogger } from '@slack/bolt';

export interface OpenSocketOptions {
  appToken: string;
  /** `https://slack.com/api/`. */
  apiUrl: string;
  boltLog: BoltLogger;
  /** Gets what arrives. */
  app: Pick<App, 'processEvent'>;
  /** Ends the opening. */
  signal: AbortSignal;
}

export interface Socket {
  /** Resolves when the connection has ended, whoever ended it, or Slack has said that it will. */
  ending: Promise<void>;
  closed: Promise<void>;
  close(): Promise<void>;
}

const helloWithinMs = 30_000;
/** How long a connection whose end was announced goes on taking what comes, until Slack ends it. */
const lingerMs = 10_000;
/** How long Slack may take to answer our goodbye. */
const goodbyeMs = 1_000;
const requestTimeoutMs = 10_000;

/** Opens one connection of Socket Mode; resolves when Slack has said hello. */
export async function openSocket({ appToken, apiUrl, boltLog, app, signal }: OpenSocketOptions): Promise<Socket> {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLog,
    autoReconnectEnabled: false,
    // A host that is busy for some seconds has not lost its connection.
    clientPingTimeout: 10_000,
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        fetch: (url, init) =>
          fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]) }),
      },
    },
  });
  // A receiver asks nothing else of the app.
  receiver.init(app as App);
  const { client } = receiver;
  const ended = Promise.withResolvers<void>();
  client.once('disconnected', () => ended.resolve());
  const close = async (): Promise<void> => {
    const waiting = new AbortController();
    void client.disconnect();
    await Promise.race([ended.promise, pause(goodbyeMs, undefined, waiting).catch(() => undefined)]);
    waiting.abort();
    // A second goodbye waits for no answer.
    void client.disconnect();
    await ended.promise;
  };
  const giveUp = (): void => void close();
  const ending = announcedEnd(client, () => {
    const lingering = setTimeout(giveUp, lingerMs);
    void ended.promise.then(() => clearTimeout(lingering));
  });
  const late = setTimeout(giveUp, helloWithinMs);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await client.start();
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', giveUp);
  }
  if (signal.aborted) await close();
  return { ending: Promise.race([ending, ended.promise]), closed: ended.promise, close };
}

/**
 * Resolves, after `onEnding`, when Slack announces the end of the connection. The SDK would close it there and then, and with
 * it whatever Slack has sent meanwhile: a command that is on its way would be lost.
 */
function announcedEnd(client: SocketModeReceiver['client'], onEnding: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const handlers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    if (isDisconnect(data)) {
      onEnding();
      resolve();
      return;
    }
    for (const handle of handlers) handle.call(client, data, isBinary);
  });
  return promise;
}

function isDisconnect(data: unknown): boolean {
  // An envelope is read once, by the SDK: what is long is no announcement.
  if (typeof data !== 'string' || data.length > 2_000) return false;
  try {
    return (JSON.parse(data) as { type?: unknown }).type === 'disconnect';
  } catch {
    return false;
  }
}
