import { setTimeout as delay } from 'node:timers/promises';

import { ChatBusy } from '../chat-refusal.ts';

export interface Pace {
  /**
   * Makes the call when its turn has come. After a `ChatBusy` of one call, those of the same key are refused with what is
   * left of that pause, without asking.
   */
  run<T>(key: string, call: () => Promise<T>): Promise<T>;
}

interface Lane {
  /** How many calls may be made at once, at the instant `atMs`. */
  free: number;
  atMs: number;
  /** What is left of the pause that Slack asked for, at that instant. */
  pausedMs: number;
}

/**
 * About one call in `intervalMs` for each key, with `burst` of them at once. A call counts from when it is answered: how
 * long it was on its way is not known. Keys don't wait for each other.
 */
export function createPace({ intervalMs, burst, now }: { intervalMs: number; burst: number; now: () => Date }): Pace {
  const lanes = new Map<string, Lane>();

  function laneOf(key: string): Lane {
    const atMs = now().getTime();
    const lane = lanes.get(key) ?? { free: burst, atMs, pausedMs: 0 };
    const passedMs = Math.max(0, atMs - lane.atMs);
    lane.free = Math.min(burst, lane.free + passedMs / intervalMs);
    lane.pausedMs = Math.max(0, lane.pausedMs - passedMs);
    lane.atMs = atMs;
    lanes.set(key, lane);
    return lane;
  }

  return {
    async run(key, call) {
      const lane = laneOf(key);
      if (lane.pausedMs > 0) throw new ChatBusy(`Slack asked for a pause for ${key}`, lane.pausedMs);
      if (lane.free < 1) await delay((1 - lane.free) * intervalMs);
      try {
        return await call();
      } catch (error) {
        const answered = laneOf(key);
        if (error instanceof ChatBusy) {
          answered.free = Math.min(answered.free, 1);
          answered.pausedMs = error.retryAfterMs;
        }
        throw error;
      } finally {
        laneOf(key).free -= 1;
      }
    },
  };
}
