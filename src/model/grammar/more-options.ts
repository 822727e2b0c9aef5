import type { FormFields, JobForm } from '../job-form.ts';
import { flagNames, type ScheduleFlag } from './flag-rules.ts';
import { scheduleFlags } from './flag-sets.ts';
import { isBlank } from './invisible.ts';
import { mistake, shown } from './mistake.ts';
import { quoteValue } from './quote-value.ts';
import { refuseRepeated } from './refuse-repeated.ts';
import { splitFlags } from './split-flags.ts';
import { splitLoosely } from './split-loosely.ts';

/** The fields of a form that has no room for all of them stand in one, as flags. */
export const moreFlags = [
  'timeout',
  'retries',
  'budget',
  'model',
  'notify',
  'overlap',
  'catch-up',
  'catch-up-within',
  'name',
  'zone',
] as const;

/** `--timeout 2h --retries 2`: what stands in these fields. */
export const writeMore = (fields: FormFields): string =>
  moreFlags
    .flatMap((name) => (isBlank(fields[name] ?? '') ? [] : [`--${name} ${quoteValue(fields[name] ?? '')}`]))
    .join(' ');

/** The fields that a text of flags sets. Throws a UserError for any other text. */
export function readMore(text: string): FormFields {
  const { goal, flags } = splitFlags(text, scheduleFlags, { hasGoal: true });
  if (!isBlank(goal)) {
    throw mistake(
      `${shown(goal)} is neither a flag nor its value.`,
      `Only ${moreFlags.map((name) => `\`--${name}\``).join(', ')} and their values stand here.`,
      '--timeout 2h --retries 2',
    );
  }
  refuseRepeated(flags);
  return toFields(flags);
}

/** The same with what could be made out, and refuses nothing; `rest` fits nowhere. */
export function readMoreLoosely(text: string): { fields: FormFields; rest: string } {
  const { goal, flags } = splitLoosely(text, scheduleFlags, { hasGoal: true });
  return { fields: toFields(flags), rest: goal };
}

function toFields(flags: readonly { name: ScheduleFlag; value: string }[]): FormFields {
  const fields: Partial<JobForm> = {};
  for (const name of flagNames) {
    const values = flags.filter((flag) => flag.name === name).map(({ value }) => value);
    if (values.length === 0) continue;
    if (name === 'accept') fields.accept = values;
    else fields[name] = values.join(' or ');
  }
  return fields;
}
