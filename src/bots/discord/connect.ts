import { setTimeout as sleep } from 'node:timers/promises';

import { Routes, type APIGatewayBotInfo, type GatewayReadyDispatchData, type REST } from 'discord.js';
import type { Logger } from 'pino';

import { runGateway, type GatewayEvent } from './gateway.ts';
import { createIdentifyLimit } from './identify-limit.ts';

export interface ConnectionOptions {
  token: string;
  /** Without the version: `https://discord.com/api`. The gateway's address comes from it. */
  restUrl: string;
  /** For what the connection itself asks of Discord. */
  rest: REST;
  now: () => Date;
  log: Logger;
  onReady: (ready: GatewayReadyDispatchData) => void;
  onEvent: (event: GatewayEvent) => void;
}

export interface Connection {
  /** Returns at once; what can't be reached is tried again. */
  start(): void;
  isUp(): boolean;
  stop(): Promise<void>;
}

const firstRetryMs = 2_000;
/** So soon behind an outage people are heard again. A try that comes to nothing takes none of the day's identifies. */
const longestRetryMs = 60_000;
/** How often a revoked token is looked at again. */
const finalRetryMs = 15 * 60_000;

/** How long the next try waits behind so many that failed in a row. */
export const retryMs = (isFinal: boolean, failures: number): number =>
  isFinal ? finalRetryMs : Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);

/**
 * The connection to Discord's gateway: begun again for as long as it is not stopped, whatever ends it. discord.js resumes and
 * reconnects by itself; what it gives up on (a login that fails, a token that is refused, a session that can't be resumed)
 * comes back here.
 */
export function connectDiscord(options: ConnectionOptions): Connection {
  const { rest, now, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const limit = createIdentifyLimit({
    read: async (signal) =>
      ((await rest.get(Routes.gatewayBot(), { signal })) as APIGatewayBotInfo).session_start_limit,
    now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    log,
  });
  let running: Promise<void> = Promise.resolve();
  let isUp = false;
  const onUp = (now: boolean): void => void (isUp = now);

  async function keepConnected(): Promise<void> {
    let failures = 0;
    let said = '';
    const onReady = (ready: GatewayReadyDispatchData): void => {
      failures = 0;
      said = '';
      options.onReady(ready);
    };
    while (!signal.aborted) {
      const end = await runGateway({ ...options, onReady, onUp, limit, signal });
      isUp = false;
      if (signal.aborted) return;
      failures += 1;
      const waitMs = retryMs(end.isFinal, failures);
      const retrySeconds = Math.round(waitMs / 1000);
      // The same trouble is said once, however often it is met.
      if (end.why === said) log.debug({ retrySeconds }, `Still not connected to Discord: ${end.why}`);
      else log.error({ err: end.error, retrySeconds }, `Not connected to Discord: ${end.why}`);
      said = end.why;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      running = keepConnected();
    },
    isUp: () => isUp,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
