import * as z from 'zod';

/** The fields of the form for `schedule` and `edit`, in their order. */
export const formFields = [
  'goal',
  'project',
  'when',
  'zone',
  'accept',
  'timeout',
  'retries',
  'budget',
  'model',
  'notify',
  'overlap',
  'catch-up',
  'catch-up-within',
  'name',
] as const;
export type FormField = (typeof formFields)[number];

const text = z.string().max(20_000);

/** What stands in the fields, as typed; an empty text is nothing. `accept` has a check an entry. */
const jobFormSchema = z.strictObject({
  goal: text,
  project: text,
  when: text,
  zone: text,
  accept: z.array(text).max(100),
  timeout: text,
  retries: text,
  budget: text,
  model: text,
  notify: text,
  overlap: text,
  'catch-up': text,
  'catch-up-within': text,
  name: text,
} satisfies Record<FormField, z.ZodType>);

export type JobForm = z.infer<typeof jobFormSchema>;

/** Some of the fields. */
export const formFieldsSchema = jobFormSchema.partial();
export type FormFields = z.infer<typeof formFieldsSchema>;

export const emptyForm: JobForm = {
  goal: '',
  project: '',
  when: '',
  zone: '',
  accept: [],
  timeout: '',
  retries: '',
  budget: '',
  model: '',
  notify: '',
  overlap: '',
  'catch-up': '',
  'catch-up-within': '',
  name: '',
};

/** What is wrong in a field; `null` is about the whole. */
export interface FieldFault {
  field: FormField | null;
  message: string;
}
