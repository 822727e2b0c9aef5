import type { Check } from '../model/check.ts';
import type { Job } from '../model/job.ts';
import type { Project } from '../model/project.ts';

/** A job's own checks, then those that its project asks of every job. */
export function allChecks(job: Pick<Job, 'checks'>, project: Project | undefined): Check[] {
  const own = new Set(job.checks.map((check) => JSON.stringify(check)));
  return [...job.checks, ...(project?.checks ?? []).filter((check) => !own.has(JSON.stringify(check)))];
}
