import type { APIGatewaySessionStartLimit } from 'discord.js';
import type { Logger } from 'pino';

interface IdentifyLimitOptions {
  /** What Discord says is left of the day's identifies. Rejects when the signal aborts. */
  read: (signal: AbortSignal) => Promise<APIGatewaySessionStartLimit>;
  now: () => Date;
  /** Rejects when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  log: Logger;
}

/** So many are always kept: somebody who mends what crashes wants to see it start. */
const reserve = 5;
/** Discord lets one connection of a bot identify in 5 s. */
const spacingMs = 5_000;
/** One that follows soon after another did not last. */
const soonMs = 10 * 60_000;
const longestPauseMs = 5 * 60_000;

/**
 * Waits before each identify, so that neither a crash loop nor sessions that break at once use up the 1,000 of a day, after which
 * Discord resets the token. How many are left Discord is asked each time: that holds over restarts, and over hosts that share a
 * token, without a file of our own. Once less than half is left, what is left is spread over the time until it is full again.
 */
export function createIdentifyLimit({ read, now, sleep, log }: IdentifyLimitOptions) {
  let plan: { at: number; waitMs: number } | undefined;
  let isAdmitted = false;
  let recent: number[] = [];

  async function planNext(signal: AbortSignal): Promise<{ at: number; waitMs: number }> {
    const { total, remaining, reset_after: resetAfterMs } = await read(signal);
    const at = now().getTime();
    // One that is still to come was before the clock was set back: how long ago is not known.
    recent = recent.filter((time) => time <= at && at - time < soonMs);
    const pauseMs = recent.length === 0 ? 0 : Math.min(spacingMs * 2 ** (recent.length - 1), longestPauseMs);
    const waitMs = Math.max(pauseMs, paceMs({ total, remaining, resetAfterMs }));
    if (waitMs > spacingMs) {
      const seconds = Math.round(waitMs / 1000);
      log.warn({ remaining, total, waitSeconds: seconds }, 'Waiting before the next session with Discord');
    }
    return { at, waitMs };
  }

  return {
    /** Resolves when there may be an identify. The wait goes on where it was if it is asked for again after an abort. */
    async admit(signal: AbortSignal): Promise<void> {
      if (isAdmitted) return;
      if (plan === undefined || plan.at > now().getTime()) plan = await planNext(signal);
      await sleep(Math.max(0, plan.at + plan.waitMs - now().getTime()), signal);
      isAdmitted = true;
    },
    /** The identify that was admitted is sent now. */
    use(): void {
      isAdmitted = false;
      plan = undefined;
      recent.push(now().getTime());
    },
  };
}

export type IdentifyLimit = ReturnType<typeof createIdentifyLimit>;

/** Nothing while half of the day's identifies are left: a bot that runs well never comes there. */
export function paceMs(limit: { total: number; remaining: number; resetAfterMs: number }): number {
  const { total, remaining, resetAfterMs } = limit;
  if (remaining > total / 2) return 0;
  const left = remaining - reserve;
  return left < 1 ? resetAfterMs : Math.ceil(resetAfterMs / left);
}
