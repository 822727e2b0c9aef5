import type { Store } from '../db/store.ts';
import type { AttemptProgress } from '../model/attempt.ts';
import { showRun } from './tell-run.ts';

export interface TellProgressDependencies {
  store: Store;
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
  /** At most one status in this time is written for a run. */
  intervalMs?: number;
}

export interface TellProgress {
  onProgress(progress: AttemptProgress): void;
  /** Forgets what is not written yet. */
  stop(): void;
}

/** Writes where a running attempt is on its run's status message: the newest word wins, old ones are never written. */
export function createTellProgress(dependencies: TellProgressDependencies): TellProgress {
  const { store, deliver, now, onFault, intervalMs = 2_000 } = dependencies;
  const newest = new Map<string, AttemptProgress>();
  const timers = new Map<string, NodeJS.Timeout>();

  function write(attemptId: string): void {
    const progress = newest.get(attemptId);
    newest.delete(attemptId);
    if (progress === undefined) {
      timers.delete(attemptId);
      return;
    }
    timers.set(attemptId, setTimeout(write, intervalMs, attemptId).unref());
    try {
      store.change((change) => {
        const run = change.runs.get(change.attempts.get(attemptId)?.runId ?? 0);
        if (run?.currentAttemptId !== attemptId || run.status !== 'running') return;
        showRun(change, run.id, now(), progress);
      });
      deliver();
    } catch (error) {
      // The next word comes soon; a status that is late is no harm.
      onFault(error, `the status of ${attemptId}`);
    }
  }

  return {
    onProgress(progress) {
      newest.set(progress.attemptId, progress);
      if (!timers.has(progress.attemptId)) write(progress.attemptId);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      newest.clear();
    },
  };
}
