import { setTimeout as sleep } from 'node:timers/promises';

export interface BusyRetry {
  /**
   * Does `work` at once and, while another process holds SQLite's write lock, again after a pause that grows. Rejects
   * with SQLite's error when that lasts too long, with any other error at once, and when the retry is closed.
   */
  run<Result>(work: () => Result): Promise<Result>;
  open(): void;
  /** Refuses all further work, and ends what is waiting for another try. */
  close(): void;
}

const firstPauseMs = 5;
// Each try blocks the event loop for the busy timeout (100 ms at most), so a long wait must consist mostly of pauses.
const longestPauseMs = 1000;

/** Runs synchronous work on SQLite so that a write lock held by another process delays it and does not lose it. */
export function createBusyRetry(giveUpAfterMs = 30_000): BusyRetry {
  let closing = new AbortController();
  return {
    async run(work) {
      const { signal } = closing;
      const deadlineMs = performance.now() + giveUpAfterMs;
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        signal.throwIfAborted();
        try {
          return work();
        } catch (error) {
          if (!isBusy(error) || performance.now() > deadlineMs) throw error;
        }
        // An abort ends the pause; the next turn of the loop throws its reason.
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
    },
    open() {
      if (closing.signal.aborted) closing = new AbortController();
    },
    close() {
      closing.abort(new Error('This use of the database has ended.'));
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
