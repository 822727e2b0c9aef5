import type { EditCommand, ScheduleCommand } from '../command.ts';
import type { FaultList } from '../field-faults.ts';
import { formFields, type FormField, type FormFields } from '../job-form.ts';
import { flagRules } from './flag-rules.ts';
import { readAccept, readGoal } from './flag-values.ts';
import { isBlank } from './invisible.ts';
import { mistake } from './mistake.ts';
import { settingReaders, type Settings } from './setting-readers.ts';
import { refuseTooManyChecks } from './too-many-checks.ts';

type SettingField = Exclude<FormField, 'goal' | 'accept'>;

const settingFields = formFields.filter((field): field is SettingField => field !== 'goal' && field !== 'accept');

/** What a form says, as the command would. A field that can't be read is left out, and its fault is in `faults`. */
export function readScheduleForm(fields: FormFields, faults: FaultList): ScheduleCommand {
  const goal = faults.at('goal', () => readGoal(fields.goal ?? ''), '');
  const accept = readChecks(fields.accept ?? [], faults);
  const settings = settingFields.map((field) => {
    const value = fields[field] ?? '';
    return isBlank(value) ? {} : faults.at<Settings>(field, () => settingReaders[field](value.trim()), {});
  });
  return Object.assign({ name: 'schedule' as const, goal, accept }, ...settings);
}

/** The same for fields of a job that were changed: what is not there stays, and an empty one is taken away. */
export function readEditForm(target: string, fields: FormFields, faults: FaultList): EditCommand {
  const { goal, accept } = fields;
  const settings = settingFields.map((field) => {
    const value = fields[field];
    return value === undefined ? {} : faults.at(field, () => readChanged(field, value), {});
  });
  return Object.assign(
    { name: 'edit' as const, target, addAccept: [], dropAccept: [] },
    goal === undefined ? {} : { goal: faults.at('goal', () => readGoal(goal), '') },
    accept === undefined ? {} : { accept: readChecks(accept, faults) },
    ...settings,
  );
}

function readChanged(field: SettingField, value: string): Partial<Omit<EditCommand, 'name'>> {
  if (!isBlank(value)) return settingReaders[field](value.trim());
  if (field === 'when') return { when: null };
  if (field === 'budget') return { budgetUsd: null };
  if (field === 'model') return { model: null };
  // Without a zone of its own, the words are read in that of the channel.
  if (field === 'zone') return {};
  const { allowed, example } = flagRules[field];
  throw mistake('Something has to stand here.', allowed, example);
}

function readChecks(lines: readonly string[], faults: FaultList): string[] {
  const checks = lines
    .filter((line) => !isBlank(line))
    .flatMap((line) => faults.at('accept', () => [readAccept(line)], []));
  faults.at('accept', () => refuseTooManyChecks(checks.length), undefined);
  return checks;
}
