import { createHash } from 'node:crypto';

import * as z from 'zod';

import { formFields, type FormField, type FormFields, type JobForm } from '../../model/job-form.ts';
import { placeSchema } from './place.ts';

const metadataSchema = z.object({
  /** Where the form was asked for, and its answer belongs. */
  place: placeSchema,
  target: z.string().nullable(),
  draft: z.int().nullable(),
  /** What the form of a job was opened with, each as a digest: all of it would not fit. */
  base: z.partialRecord(z.enum(formFields), z.string()),
  /** Fields with more text than an input takes. They are not in the form and stay as they are. */
  kept: z.array(z.enum(formFields)),
});

/** What a form says of itself when it comes back. */
export type FormMetadata = z.infer<typeof metadataSchema>;

/** As a view keeps it: far below Slack's 3,000 characters, whatever the job says. */
export const writeMetadata = (metadata: FormMetadata): string => JSON.stringify(metadata);

export const readMetadata = (text: string): FormMetadata => metadataSchema.parse(JSON.parse(text));

/** The digests of what a job's form was opened with. */
export const digestBase = (base: JobForm): FormMetadata['base'] =>
  Object.fromEntries(formFields.map((field) => [field, digest(base[field])]));

/** Of a new job everything; of one that is there what differs, and with a zone the words that it is for. */
export function changedFields(fields: FormFields, { target, base }: FormMetadata): FormFields {
  if (target === null) return fields;
  const names = Object.keys(fields) as FormField[];
  const changed = names.filter((name) => digest(fields[name] ?? '') !== base[name]);
  if (changed.includes('zone') && !changed.includes('when') && 'when' in fields) changed.push('when');
  return Object.fromEntries(changed.map((name) => [name, fields[name]]));
}

// Space around a text says nothing, and Slack's clients keep it as they like.
const digest = (value: string | readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([value].flat().map((text) => text.replaceAll('\r\n', '\n').trim())))
    .digest('base64url')
    .slice(0, 16);
