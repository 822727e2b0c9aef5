import type { Job } from '../../model/job.ts';
import { endPause, isPauseOver } from '../end-pause.ts';
import { occurrencesAtOnce, settleDue } from '../settle-due.ts';
import type { CommandContext } from './command-context.ts';

/**
 * Settles what was due of a job before a command that changes when it is due: the bell may be a moment behind, and what fell due
 * until now did so by the job as it was. So it is with a pause that was over. Returns whether the job is still paused.
 */
export function settleFirst({ change, settings, now, cancelAttempt }: CommandContext, job: Job): { isPaused: boolean } {
  const { id } = job;
  const isOver = isPauseOver(job, now);
  if (isOver) endPause(change, job, now);
  const isDue = (): boolean => (change.occurrences.planned(id) ?? Infinity) <= now;
  while (isDue()) settleDue(change, { settings, jobId: id, now, limit: occurrencesAtOnce, cancelAttempt });
  return { isPaused: job.paused !== null && !isOver };
}
