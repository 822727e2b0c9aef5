import type { Change } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import { nextOccurrence } from '../model/schedule/next-occurrence.ts';

/**
 * Plans the job's next occurrence after `after`, with its alarm, in place of any that is planned. An instant that is settled
 * already (the clock was set back) is passed over. A paused job has none.
 */
export function planNext(change: Change, job: Job, after: Date): void {
  change.occurrences.unplan(job.id);
  if (job.schedule === null || job.paused !== null) return;
  let at = nextOccurrence(job.schedule, after);
  while (at !== undefined && !change.occurrences.plan({ jobId: job.id, dueAt: at })) {
    at = nextOccurrence(job.schedule, at);
  }
  if (at !== undefined) change.alarm(at);
}

/** The same for a schedule that was said just now: `now` is due at this very instant. */
export function planFirst(change: Change, job: Job, now: Date): void {
  planNext(change, job, job.schedule?.kind === 'once' ? new Date(now.getTime() - 1) : now);
}
