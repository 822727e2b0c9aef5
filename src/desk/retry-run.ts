import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import type { Who } from '../model/access.ts';
import { isFinal, runLabel } from '../model/run.ts';
import { UserError } from '../model/user-error.ts';
import { demandJobView, demandRole } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';
import { enqueueRun } from './enqueue-run.ts';
import { runViewKey, showRun } from './tell-run.ts';
import { renderRetryOpening } from './texts/thread.ts';

export interface RetryOrder {
  run: Run;
  /** Who asks for it, as their platform knows them. */
  by: Who;
  note?: string | undefined;
  settings: DeskSettings;
  now: Date;
}

/**
 * Queues a new run that retries an ended one, with the job's words as they are now. Throws a `UserError` where the run still
 * lives, its job is deleted or in a project where they may not run jobs, or somebody retries it already: a run has at most one
 * live retry.
 */
export function retryRun(change: Change, { run, by, note, settings, now }: RetryOrder): Run {
  const label = runLabel(run.id);
  if (!isFinal(run.status)) {
    throw new UserError(
      `\`${label}\` is ${run.status}: it can be retried when it has ended. \`cancel ${label}\` ends it.`,
    );
  }
  const job = change.jobs.get(run.jobId);
  if (job === undefined || change.jobs.isDeleted(job.id)) {
    throw new UserError(`The job of \`${label}\`, \`${run.spec.jobName}\`, is deleted: it can't be retried.`);
  }
  const asker = { settings, actor: by };
  demandJobView(asker, run, job);
  demandRole(asker, job.project, 'member', 'run jobs there');
  const live = change.runs.liveRetryOf(run.id);
  if (live !== undefined) {
    const other = live.requestedBy === null ? '' : `, asked for by @${live.requestedBy.replace(/^[^:]*:/, '')}`;
    throw new UserError(`\`${runLabel(live.id)}\` retries \`${label}\` already${other}.`);
  }
  const retry = enqueueRun(change, {
    job,
    settings,
    trigger: 'retry',
    now,
    requestedBy: by.person,
    retryOf: run.id,
    note,
  });
  showRun(change, run.id, now);
  const key = runViewKey(retry.id);
  change.outbox.post(
    { key: `${key}:opening`, channel: job.channel, threadOf: key, body: renderRetryOpening(retry) },
    now,
  );
  return retry;
}
