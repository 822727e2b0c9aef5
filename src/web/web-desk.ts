import type { Health, JobJson, LogPart, LogRequest, RunDetailJson, RunFilter, RunJson } from './desk-json.ts';

/**
 * What the server asks of the desk. Everything is what `person` (`web:ada`) may view: a job or run of a project that they
 * may not view is left out, or undefined, as if it did not exist. A `UserError` becomes a 400 with its text.
 */
export interface WebDesk {
  listJobs(person: string): JobJson[];
  /** Newest first. */
  listRuns(person: string, filter: RunFilter): RunJson[];
  findRun(person: string, run: number): RunDetailJson | undefined;
  /** Asked only for attempts that `findRun` showed. */
  readLog(request: LogRequest): Promise<LogPart>;
  health(): Health;
}
