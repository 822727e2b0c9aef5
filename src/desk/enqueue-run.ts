import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import type { Check } from '../model/check.ts';
import type { Job } from '../model/job.ts';
import type { Project } from '../model/project.ts';
import type { RunTrigger } from '../model/run.ts';
import { showRun } from './tell-run.ts';

export interface RunOrder {
  job: Job;
  project: Project | undefined;
  trigger: RunTrigger;
  now: Date;
  dueAt?: Date;
  requestedBy?: string;
  retryOf?: number;
  note?: string | undefined;
}

/** Puts a run of `job`, as the job is now, at the end of the queue and shows it in the job's channel. */
export function enqueueRun(change: Change, order: RunOrder): Run {
  const { job, now } = order;
  const run = change.runs.insert({
    jobId: job.id,
    spec: {
      jobName: job.name,
      goal: job.goal,
      project: job.project,
      checks: allChecks(job, order.project),
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
  });
  showRun(change, run.id, now);
  // Whoever queued it also starts what waits; this rings where they could not.
  change.alarm(now);
  return run;
}

/** A job's own checks, then those that its project asks of every job. */
export function allChecks(job: Pick<Job, 'checks'>, project: Project | undefined): Check[] {
  const own = new Set(job.checks.map((check) => JSON.stringify(check)));
  return [...job.checks, ...(project?.checks ?? []).filter((check) => !own.has(JSON.stringify(check)))];
}
