import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import type { Actor } from '../bots/chat.ts';
import type { About } from '../model/about.ts';
import { isDiskFault } from '../model/disk.ts';
import { runLabel } from '../model/run.ts';
import type { Runner } from '../runner/runner.ts';
import { cancelRun } from './cancel-run.ts';
import { writeAudit } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';
import { createKeepTrying } from './keep-trying.ts';

export interface CancelPastStoreDependencies {
  store: Store;
  runner: Pick<Runner, 'cancel'>;
  settings: DeskSettings;
  /** Called after it was written down. */
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string, about?: About) => void;
}

export interface CancelPastStore {
  /** Ends what is at work of the run, and keeps in mind who wanted it. */
  cancel(run: Run, actor: Actor): void;
  /** Writes down what is kept in mind. Throws where the disk still takes nothing, or the store is locked. */
  writeDown(): void;
  stop(): void;
}

/** What fills a disk must be ended though nothing can be written: only the supervisor is asked, and the store has it later. */
export function createCancelPastStore(dependencies: CancelPastStoreDependencies): CancelPastStore {
  const { store, runner, settings, deliver, now, onFault } = dependencies;
  const kept = new Map<number, Actor>();
  const aboutRun = (id: number): About => ({ run: runLabel(id) });

  function write(id: number, actor: Actor): void {
    store.change((change) => {
      const run = change.runs.get(id);
      if (run === undefined) return;
      // Its attempt has been told.
      const cancelAttempt = (): void => {};
      const isCancelled = cancelRun(change, { run, by: actor.person, settings, now: now(), cancelAttempt });
      if (isCancelled) writeAudit({ change, actor, now: now() }, 'cancel', runLabel(id));
    });
  }

  function writeDown(): void {
    for (const [id, actor] of kept) {
      try {
        write(id, actor);
      } catch (error) {
        if (isDiskFault(error) || isLocked(error)) throw error;
        onFault(error, 'writing down a cancel', aboutRun(id));
      }
      kept.delete(id);
      deliver();
    }
  }

  const trying = createKeepTrying({
    what: 'writing down a cancel',
    take: writeDown,
    onFault: (error, where, id: number) => onFault(error, where, aboutRun(id)),
  });
  return {
    cancel(run, actor) {
      if (run.currentAttemptId === null || kept.has(run.id)) return;
      kept.set(run.id, actor);
      runner.cancel(run.currentAttemptId);
      trying.hand(run.id);
    },
    writeDown,
    stop: trying.stop,
  };
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_(?:BUSY|LOCKED)/.test(String(error.code));
