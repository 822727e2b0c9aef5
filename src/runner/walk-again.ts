import { setTimeout as pause } from 'node:timers/promises';

import { isDiskFault } from '../model/disk.ts';

export interface WalkAgainOptions {
  /** Ends the waiting: what it was aborted with is thrown. */
  stop: AbortSignal;
  /** Has it walk at once: the way may be another one then. */
  cancel: AbortSignal;
  onFault: (error: unknown) => void;
  /** The first pause; each further one is twice as long, up to half a minute. */
  pauseMs?: number;
}

const longestPauseMs = 30_000;

/**
 * Walks, and again after a pause where the disk took something not: a walk can be repeated, and what is supervised goes on
 * meanwhile. `letGo` is aborted at the end of each walk. Any other fault is thrown.
 */
export async function walkAgain<T>(
  walk: (letGo: AbortSignal) => Promise<T>,
  { stop, cancel, onFault, pauseMs = 1_000 }: WalkAgainOptions,
): Promise<T> {
  for (let nextMs = pauseMs; ; nextMs = Math.min(nextMs * 2, longestPauseMs)) {
    const ended = new AbortController();
    try {
      return await walk(ended.signal);
    } catch (error) {
      if (!isDiskFault(error)) throw error;
      onFault(error);
    } finally {
      ended.abort();
    }
    const signal = cancel.aborted ? stop : AbortSignal.any([stop, cancel]);
    await pause(nextMs, undefined, { signal }).catch(() => {});
    stop.throwIfAborted();
  }
}
