import type { Who } from '../model/access.ts';
import type { Action } from '../model/message.ts';
import type { FormJson, ProjectJson, WhenJson } from './form-json.ts';
import type {
  FilePart,
  FileRequest,
  Health,
  HistoryEntry,
  HistoryPlace,
  JobFilter,
  JobJson,
  Readiness,
  RunDetailJson,
  RunFilter,
  RunJson,
  Undelivered,
} from './desk-json.ts';

/**
 * What the server asks of the desk. Everything is what `person` (`web:ada`) may view: a job or run of a project that they
 * may not view is left out, or undefined, as if it did not exist. A `UserError` becomes a 400 with its text.
 */
export interface WebDesk {
  /** By name. */
  listJobs(person: string, filter: JobFilter): { jobs: JobJson[]; hasMore: boolean };
  findJob(person: string, name: string): JobJson | undefined;
  /** Newest first. `next` writes the place at which the rest begins; null at the end. */
  listHistory(
    person: string,
    job: string,
    page: { before?: HistoryPlace | undefined; limit: number },
  ): { entries: HistoryEntry[]; next: string | null } | undefined;
  /** Newest first. */
  listRuns(person: string, filter: RunFilter): { runs: RunJson[]; hasMore: boolean };
  findRun(person: string, run: number): RunDetailJson | undefined;
  /** What became of a run that `findRun` does not find, where that is known. */
  whyNoRun(person: string, run: number): string | undefined;
  /** Asked only for attempts that `findRun` showed. */
  readFile(request: FileRequest): Promise<FilePart>;
  /** How many bytes there are by now. */
  fileSize(request: Pick<FileRequest, 'run' | 'attempt' | 'file'>): Promise<number>;
  /** Projects that they may schedule in. */
  listProjects(who: Who): ProjectJson[];
  blankForm(asker: Who & { channel: string }): FormJson;
  /** By the job's exact name. Throws a `UserError` for who may view the job and not edit it. */
  formOf(who: Who, job: string): FormJson | undefined;
  /** Only the person's own. */
  draft(who: Who, id: number): FormJson | undefined;
  /** In an IANA `zone`; where it is empty, in the channel's. */
  previewWhen(words: string, zone: string, place: { channel: string }): WhenJson;
  /** Of these buttons, those that they may use. */
  allowedActions(who: Who, actions: readonly Action[]): Action[];
  /** Channels that fail, whoever asks: it concerns everybody who waits for a result. */
  undelivered(): Undelivered[];
  /** Reads the store; throws where it can't be read. */
  health(): Health;
  lookReady(): Promise<Readiness>;
}
