import type { Role } from '../model/access.ts';
import type { FieldFault, FormField, JobForm } from '../model/job-form.ts';

/** A form for a new job or for one that is there, filled. */
export interface FormJson {
  /** The job that is edited; `null` makes a new one. */
  target: string | null;
  draft: number | null;
  fields: JobForm;
  /** What holds of the job; of a new one, nothing. Only what differs from it belongs into an edit. */
  base: JobForm;
  /** What holds where a field is left empty. */
  usual: Pick<JobForm, 'zone' | 'timeout' | 'retries' | 'budget' | 'model' | 'notify'>;
  /** What a draft was refused for. */
  faults: FieldFault[];
}

/** A project that the person may schedule in. */
export interface ProjectJson {
  name: string;
  role: Role;
}

export interface WhenRequest {
  words: string;
  /** An IANA zone, or empty for the channel's. */
  zone: string;
  channel: string;
}

/** What the words of a schedule mean, with its next times as ISO 8601 in UTC; or why they can't be used. */
export type WhenJson =
  | { ok: true; sentence: string; zone: string; instants: string[] }
  | { ok: false; field: FormField; message: string };
