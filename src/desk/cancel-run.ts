import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import { line } from '../model/message.ts';
import { nextStatus } from '../model/run.ts';
import type { DeskSettings } from './desk-settings.ts';
import { cancellerText } from './texts/canceller-text.ts';
import { runViewKey, showRun, tellRunEnded } from './tell-run.ts';

export interface CancelOrder {
  run: Run;
  /** A person, or `nextOccurrence`. */
  by: string;
  settings: DeskSettings;
  now: Date;
  /** Ends a running attempt, once the change is committed. */
  cancelAttempt: (attemptId: string) => void;
}

/**
 * Cancels a live run: one that waits ends at once, one that works when its attempt has been ended. Returns false where the
 * run has ended already or is being cancelled.
 */
export function cancelRun(change: Change, { run, by, settings, now, cancelAttempt }: CancelOrder): boolean {
  const status = nextStatus(run.status, { kind: 'end', status: 'cancelled' });
  if (status === undefined || run.cancelledBy !== null) return false;
  change.runs.update(run.id, { cancelledBy: by });
  if (run.status !== 'running' || run.currentAttemptId === null) {
    change.runs.update(run.id, { status, endedAt: now, waitReason: null, deferredUntil: null });
    tellRunEnded(change, settings, run.id, now);
    return true;
  }
  cancelAttempt(run.currentAttemptId);
  showRun(change, run.id, now);
  const key = runViewKey(run.id);
  change.outbox.post(
    {
      key: `${key}:cancel`,
      channel: run.spec.channel,
      threadOf: key,
      body: [line('🛑 ', cancellerText(by), ' cancels this run.')],
    },
    now,
  );
  return true;
}
