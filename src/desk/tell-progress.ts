import type { Store } from '../db/store.ts';
import { aboutAttempt, type About } from '../model/about.ts';
import type { AttemptProgress } from '../model/attempt.ts';
import { showRun } from './tell-run.ts';

export interface TellProgressDependencies {
  store: Store;
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string, about?: About) => void;
  /** Between two looks for news: at most one status in this time is written for a run. */
  intervalMs?: number;
}

export interface TellProgress {
  onProgress(progress: AttemptProgress): void;
  /** Forgets what is not written yet. */
  stop(): void;
}

interface Word {
  progress: AttemptProgress;
  isWritten: boolean;
  /** Looks at it since it was written. */
  looks: number;
}

/** After so many looks without news the status is written again: its duration has grown. */
const quietLooks = 30;

/** Writes where a running attempt is on its run's status message: the newest word wins, old ones are never written. */
export function createTellProgress(dependencies: TellProgressDependencies): TellProgress {
  const { store, deliver, now, onFault, intervalMs = 2_000 } = dependencies;
  const words = new Map<string, Word>();
  const timer = setInterval(() => {
    for (const [attemptId, word] of words) {
      word.looks += 1;
      if (!word.isWritten || word.looks >= quietLooks) write(attemptId, word);
    }
  }, intervalMs).unref();

  function write(attemptId: string, word: Word): void {
    word.isWritten = true;
    word.looks = 0;
    try {
      const isRunning = store.change((change) => {
        const run = change.runs.get(change.attempts.get(attemptId)?.runId ?? 0);
        if (run?.currentAttemptId !== attemptId || run.status !== 'running') return false;
        showRun(change, run.id, now(), word.progress);
        return true;
      });
      if (isRunning) deliver();
      else words.delete(attemptId);
    } catch (error) {
      // The next word comes soon; a status that is late is no harm.
      onFault(error, `the status of ${attemptId}`, aboutAttempt(attemptId));
    }
  }

  return {
    onProgress(progress) {
      const known = words.get(progress.attemptId);
      const word = { progress, isWritten: false, looks: known?.looks ?? 0 };
      words.set(progress.attemptId, word);
      if (known === undefined) write(progress.attemptId, word);
    },
    stop() {
      clearInterval(timer);
      words.clear();
    },
  };
}
