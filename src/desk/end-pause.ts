import type { Change } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import { planNext } from './plan-next.ts';

/** Whether the job's pause has ended, though the bell may not have rung for it yet. */
export const isPauseOver = ({ paused }: Job, now: Date): boolean => paused?.until != null && paused.until <= now;

/** Ends a job's pause, by its time or for somebody who resumes it. What fell due after its time is due. */
export function endPause(change: Change, job: Job, now: Date): void {
  change.jobs.setPaused(job.id, null);
  planNext(change, { ...job, paused: null }, isPauseOver(job, now) ? (job.paused?.until ?? now) : now);
}
