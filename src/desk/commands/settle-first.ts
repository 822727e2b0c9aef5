import type { Job } from '../../model/job.ts';
import { occurrencesAtOnce, settleDue } from '../settle-due.ts';
import type { CommandContext } from './command-context.ts';

/**
 * Settles what was due of a job before a command that changes when it is due: the bell may be a moment behind, and what fell due
 * until now did so by the job as it was.
 */
export function settleFirst({ change, settings, now, cancelAttempt }: CommandContext, { id }: Job): void {
  const isDue = (): boolean => (change.occurrences.planned(id) ?? Infinity) <= now;
  while (isDue()) settleDue(change, { settings, jobId: id, now, limit: occurrencesAtOnce, cancelAttempt });
}
