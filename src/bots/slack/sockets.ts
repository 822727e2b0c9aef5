import { setTimeout as pause } from 'node:timers/promises';

import type { App, Logger as BoltLogger } from '@slack/bolt';

import { explainConnectFault, type ConnectFault } from './connect-fault.ts';
import { openSocket, type Socket } from './open-socket.ts';

export interface SocketsOptions {
  appToken: string;
  /** `https://slack.com/api/`. */
  apiUrl: string;
  boltLog: BoltLogger;
  onConnected: () => void;
  onFault: (fault: ConnectFault) => void;
}

/** What brings to the app what happens in Slack. */
export interface Link {
  /** Connects, and keeps connected until `stop`. Rejects where it can't begin. */
  run(app: Pick<App, 'processEvent'>): Promise<void>;
  stop(): Promise<void>;
  /** Whether what happens in Slack gets here now. */
  isUp(): boolean;
}

/** The second socket is renewed once after this time, so that Slack's own renewals, hours apart, never meet both at once. */
const staggerMs = 5 * 60_000;
/** A connection that ended before this was none: from the second one on, the next try waits. */
const stableMs = 10_000;

/**
 * Two sockets that are kept open side by side. Slack gives each payload to one of those that are open, and renews each every
 * few hours; the SDK's own reconnect leaves five seconds or more without any, and gives up where Slack is down.
 */
export function createSockets({ onConnected, onFault, ...options }: SocketsOptions): Link {
  const stopping = new AbortController();
  const { signal } = stopping;
  const open = new Set<Socket>();

  /** Holds one connection until its end is near, and returns how long it lived. */
  async function hold(app: Pick<App, 'processEvent'>, renewAfterMs: number | undefined, onOpen: () => void) {
    const socket = await openSocket({ ...options, app, signal });
    const since = performance.now();
    open.add(socket);
    onConnected();
    onOpen();
    void socket.closed.then(() => open.delete(socket));
    const renewal = renewAfterMs === undefined ? undefined : setTimeout(() => void socket.close(), renewAfterMs);
    await socket.ending;
    clearTimeout(renewal);
    return performance.now() - since;
  }

  async function keepOpen(app: Pick<App, 'processEvent'>, isStaggered: boolean, onOpen = () => {}): Promise<void> {
    let failures = 0;
    let isDueToRenew = isStaggered;
    while (!signal.aborted) {
      let pauseMs = 0;
      try {
        const livedMs = await hold(app, isDueToRenew ? staggerMs : undefined, onOpen);
        failures = livedMs < stableMs ? failures + 1 : 0;
        isDueToRenew &&= livedMs < staggerMs;
        pauseMs = failures < 2 ? 0 : backOffMs(failures);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        const fault = explainConnectFault(error);
        onFault(fault);
        pauseMs = fault.retryAfterMs ?? backOffMs(failures);
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    async run(app) {
      const first = Promise.withResolvers<void>();
      const one = keepOpen(app, false, first.resolve).finally(first.resolve);
      await first.promise;
      await Promise.all([one, keepOpen(app, true)]);
    },
    async stop() {
      stopping.abort();
      await Promise.all([...open].map((socket) => socket.close()));
    },
    isUp: () => open.size > 0,
  };
}

/** 250 ms, 500 ms, … up to half a minute. */
const backOffMs = (failures: number): number => Math.min(30_000, 125 * 2 ** Math.min(failures, 10));
