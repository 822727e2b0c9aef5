import { allChecks } from './all-checks.ts';
import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import type { RunTrigger } from '../model/run.ts';
import type { DeskSettings } from './desk-settings.ts';
import { showJob } from './show-job.ts';
import { showRun } from './tell-run.ts';

export interface RunOrder {
  job: Job;
  settings: DeskSettings;
  trigger: RunTrigger;
  now: Date;
  dueAt?: Date;
  requestedBy?: string;
  retryOf?: number;
  note?: string | undefined;
  /** It is to start when the older runs of its job have ended. */
  waitsForOlder?: boolean;
}

/** Puts a run of `job`, as the job is now, at the end of the queue and shows it in the job's channel. */
export function enqueueRun(change: Change, order: RunOrder): Run {
  const { job, settings, now } = order;
  const run = change.runs.insert({
    jobId: job.id,
    spec: {
      jobName: job.name,
      goal: job.goal,
      project: job.project,
      checks: allChecks(job, settings.projects.get(job.project)),
      settings: job.settings,
      channel: job.channel,
      owner: job.owner,
    },
    trigger: order.trigger,
    queuedAt: now,
    dueAt: order.dueAt ?? null,
    requestedBy: order.requestedBy ?? null,
    retryOf: order.retryOf ?? null,
    note: order.note ?? null,
    waitsForOlder: order.waitsForOlder ?? false,
  });
  showRun(change, run.id, now);
  showJob(change, settings, job.id, now);
  // Whoever queued it also starts what waits; this rings where they could not.
  change.alarm(now);
  return run;
}
