import type { Run } from '../../db/runs.ts';
import type { Job } from '../../model/job.ts';
import { findByReference, readRunNumber } from '../../model/grammar/reference.ts';
import { UserError } from '../../model/user-error.ts';
import { goneRunText } from '../texts/gone-run-text.ts';
import { demandJobView, mayView, visibleJobs, visibleProjects, type CommandContext } from './command-context.ts';

export type Target = { kind: 'job'; job: Job } | { kind: 'run'; run: Run };

/**
 * The job or run that a person means. `isExact` asks for the whole name, as where something is started or destroyed. What they
 * may not view is unknown to them.
 */
export function findTarget(context: CommandContext, reference: string, options: { isExact: boolean }): Target {
  const number = readRunNumber(reference);
  if (number === undefined) return { kind: 'job', job: findJob(context, reference, options) };
  const run = context.change.runs.get(number);
  if (run === undefined || !mayView(context, run.spec.project)) {
    if (context.change.runs.isGone(number) && visibleProjects(context)?.length !== 0) {
      throw new UserError(goneRunText(number, context.settings.retention));
    }
    const [latest] = context.change.runs.list({ limit: 1 });
    const hint = latest && mayView(context, latest.spec.project) ? ` The latest is \`r${latest.id}\`.` : '';
    throw new UserError(`There is no run \`r${number}\`.${hint} \`history\` lists them.`);
  }
  return { kind: 'run', run };
}

export function findJob(context: CommandContext, reference: string, options: { isExact: boolean }): Job {
  const named = context.change.jobs.findByName(reference);
  const isThere = named !== undefined && !context.change.jobs.isDeleted(named.id);
  if (isThere && mayView(context, named.project)) return named;
  return findByReference(reference, visibleJobs(context), { exact: options.isExact });
}

/** The latest run of a job that the person may view: earlier ones may be of another project. */
export const latestVisibleRun = (context: CommandContext, job: Job): Run | undefined =>
  context.change.runs.list({ jobId: job.id, projects: visibleProjects(context), limit: 1 })[0];

/** The job that a reference names, directly or by one of its runs. */
export function findJobOfTarget(context: CommandContext, reference: string, options: { isExact: boolean }): Job {
  const target = findTarget(context, reference, options);
  if (target.kind === 'job') return target.job;
  const job = context.change.jobs.get(target.run.jobId);
  if (job === undefined || context.change.jobs.isDeleted(job.id)) {
    throw new UserError(`The job of \`r${target.run.id}\`, \`${target.run.spec.jobName}\`, is deleted.`);
  }
  demandJobView(context, target.run, job);
  return job;
}
