import type { FormJson, ProjectJson, WhenJson, WhenRequest } from './form-json.ts';
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
  /** Projects that they may schedule in. */
  listProjects(person: string): ProjectJson[];
  blankForm(person: string, channel: string): FormJson;
  /** By the job's exact name. Throws a `UserError` for who may view the job and not edit it. */
  formOf(person: string, job: string): FormJson | undefined;
  /** Only the person's own. */
  draft(person: string, id: number): FormJson | undefined;
  previewWhen(request: WhenRequest): WhenJson;
  /** Of these messages of a channel, those of jobs that they may edit. */
  editableJobs(person: string, channel: string, messages: readonly string[]): { message: string; name: string }[];
  health(): Health;
}
