import type { FormField, FormFields } from '../../model/job-form.ts';
import { moreFlags, writeMore } from '../../model/grammar/more-options.ts';
import { joinChecks } from '../check-lines.ts';

/** The five inputs that a modal has room for, in their order. */
export const inputNames = ['goal', 'project', 'when', 'accept', 'more'] as const;
export type InputName = (typeof inputNames)[number];
export type Inputs = Record<InputName, string>;

export const inputLabels: Record<InputName, string> = {
  goal: 'Goal',
  project: 'Project',
  when: 'When',
  accept: 'Acceptance criteria, one a line',
  more: 'More',
};

/** The input that has a field. */
export const inputOf = (field: FormField): InputName =>
  moreFlags.some((name) => name === field) ? 'more' : (field as InputName);

/** What stands in the inputs for these fields. */
export const toInputs = (fields: FormFields): Inputs => ({
  goal: fields.goal ?? '',
  project: fields.project ?? '',
  when: fields.when ?? '',
  accept: joinChecks(fields.accept ?? []),
  more: writeMore(fields),
});
