import { createHash } from 'node:crypto';

/** What a modal carries, and gives back when it is sent. */
export interface FormId {
  /** The job that is edited; without one, a new job is made. */
  job: string | undefined;
  /** The draft that is mended. */
  draft: number | undefined;
  /** Of each input, what it stood for before anybody changed it: only what differs is an edit. */
  prints: string[];
}

const pattern = /^nd:form:(?<draft>\d{0,12}):(?<prints>[\w-]*):(?<job>[a-z0-9-]*)$/;
const printLength = 5;

/** Up to 100 characters: a job's name has at most 50. */
export const formId = ({ job = '', draft, prints }: FormId): string =>
  `nd:form:${draft ?? ''}:${prints.join('')}:${job}`;

/** The form of such an id; undefined for an id that is none of a form. */
export function parseFormId(id: string): FormId | undefined {
  const { draft, prints, job } = pattern.exec(id)?.groups ?? {};
  if (draft === undefined || prints === undefined || job === undefined) return undefined;
  return {
    job: job === '' ? undefined : job,
    draft: draft === '' ? undefined : Number(draft),
    prints: prints.match(new RegExp(`.{${printLength}}`, 'g')) ?? [],
  };
}

/** 30 bits of a text: whether it is the same is asked, nothing more. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n').trim()).digest('base64url').slice(0, printLength);
