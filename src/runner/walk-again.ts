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

/** There are no file descriptors left, no memory, or no room for a process. */
const scarceCodes = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** Whether it is a fault of the host that may be over in a moment, and says nothing of the attempt. */
export const mayPass = (error: unknown): error is Error =>
  isDiskFault(error) || (error instanceof Error && 'code' in error && scarceCodes.has(String(error.code)));

/**
 * Walks, and again after a pause where the host lacked something, as a disk that takes nothing: a walk can be repeated, and
 * what is supervised goes on meanwhile. `letGo` is aborted at the end of each walk. Any other fault is thrown.
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
      if (!mayPass(error)) throw error;
      onFault(error);
    } finally {
      ended.abort();
    }
    const signal = cancel.aborted ? stop : AbortSignal.any([stop, cancel]);
    await pause(nextMs, undefined, { signal }).catch(() => {});
    stop.throwIfAborted();
  }
}
