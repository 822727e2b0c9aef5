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
    hasLiveRun: change.runs.liveOfJob(jobId).length > 0,
  });
  showView(change, { key: jobViewKey(jobId), channel: job.channel, body }, now);
}
