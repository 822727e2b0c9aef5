import { readMore, readMoreLoosely } from '../../model/grammar/more-options.ts';
import { emptyForm, formFields, type FieldFault, type FormField, type FormFields } from '../../model/job-form.ts';
import { UserError } from '../../model/user-error.ts';
import { splitChecks } from '../check-lines.ts';
import { fingerprint, type FormId } from './form-id.ts';
import { inputNames, type Inputs } from './form-inputs.ts';

export interface ReadForm {
  fields: FormFields;
  /** What is wrong with the inputs themselves. */
  faults: FieldFault[];
}

/** What was typed into a modal. Of an edit, only what was changed: `base` is what holds of the job now. */
export function readForm({ job, prints }: FormId, inputs: Inputs, base: FormFields = {}): ReadForm {
  const isChanged = (name: keyof Inputs): boolean =>
    job === undefined || prints[inputNames.indexOf(name)] !== fingerprint(inputs[name]);
  const more = isChanged('more') ? readMoreInput(inputs.more) : { fields: {}, faults: [], rest: '' };
  const fields: FormFields = {};
  if (isChanged('goal')) fields.goal = inputs.goal;
  if (isChanged('project')) fields.project = inputs.project;
  if (isChanged('when')) fields.when = inputs.when;
  if (isChanged('accept')) fields.accept = splitChecks(inputs.accept);
  const faults = [...more.faults];
  for (const field of formFields) {
    if (more.fields[field] === undefined) continue;
    if (field === 'accept') fields.accept = [...splitChecks(inputs.accept), ...(more.fields.accept ?? [])];
    else if (hasInput(field) && inputs[field].trim() !== '') faults.push(saidTwice(field));
    else fields[field] = more.fields[field];
  }
  if (more.rest !== '') fields.goal = [fields.goal ?? inputs.goal, more.rest].join('\n');
  if (job === undefined) return { fields, faults };
  return { fields: { ...takenAway(isChanged('more'), more.fields, base), ...withoutSame(fields, base) }, faults };
}

const hasInput = (field: FormField): field is 'goal' | 'project' | 'when' =>
  field === 'goal' || field === 'project' || field === 'when';

const saidTwice = (field: FormField): FieldFault => ({
  field,
  message: `\`--${field}\` stands under More, and there is an input of its own with something else in it.`,
});

function readMoreInput(text: string): ReadForm & { rest: string } {
  try {
    return { fields: readMore(text), faults: [], rest: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // The form can't be carried out; what was typed is kept as well as it can be read.
    return { ...readMoreLoosely(text), faults: [{ field: null, message: error.message }] };
  }
}

/** A budget or a model that stood there and does not any more. */
function takenAway(isChanged: boolean, more: FormFields, base: FormFields): FormFields {
  const gone = (['budget', 'model'] as const).filter(
    (field) => isChanged && more[field] === undefined && (base[field] ?? '') !== '',
  );
  return Object.fromEntries(gone.map((field) => [field, '']));
}

const withoutSame = (fields: FormFields, base: FormFields): FormFields =>
  Object.fromEntries(
    formFields.flatMap((field) => {
      const value = fields[field];
      const isSame = JSON.stringify(value) === JSON.stringify(base[field] ?? emptyForm[field]);
      return value === undefined || isSame ? [] : [[field, value]];
    }),
  );
