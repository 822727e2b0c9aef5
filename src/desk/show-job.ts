import type { Change } from '../db/store.ts';
import type { DeskSettings } from './desk-settings.ts';
import { showView } from './show-view.ts';
import { renderJobView } from './texts/job-view.ts';

const jobViewKey = (jobId: number): string => `job:${jobId}`;

/** Writes the job's message as it is to be from now on. */
export function showJob(change: Change, settings: DeskSettings, jobId: number, now: Date): void {
  const job = change.jobs.get(jobId);
  if (job === undefined) return;
  const body = renderJobView(job, settings.projects.get(job.project), {
    now,
    isDeleted: change.jobs.isDeleted(jobId),
    ...workFacts(change, jobId),
  });
  showView(change, { key: jobViewKey(jobId), channel: job.channel, body }, now);
}

/** What a job has to do, by the tables. */
export const workFacts = (
  { runs, occurrences }: Pick<Change, 'runs' | 'occurrences'>,
  jobId: number,
): { hasLiveRun: boolean; isPlanned: boolean } => ({
  hasLiveRun: runs.liveOfJob(jobId).length > 0,
  isPlanned: occurrences.planned(jobId) !== undefined,
});
