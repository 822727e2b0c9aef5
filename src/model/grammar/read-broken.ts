import type { JobForm } from '../job-form.ts';
import type { FlagName } from './flag-rules.ts';
import { editFlags, scheduleFlags } from './flag-sets.ts';
import { isNone } from './flag-values.ts';
import type { GrammarContext } from './grammar-context.ts';
import { isReference } from './reference.ts';
import { splitLoosely, type LooseFlag } from './split-loosely.ts';
import { findSubcommand } from './subcommands.ts';
import { bareWord, looksLikeFlag, splitFirstWord, withoutOwnName } from './words.ts';

/** What could be made out of a `schedule` or `edit` that was refused, each field as typed. */
export interface BrokenCommand {
  name: 'schedule' | 'edit';
  /** The job that `edit` names. */
  target?: string;
  fields: Partial<JobForm>;
  /** Checks that `edit` adds or drops. */
  addAccept?: string[];
  dropAccept?: string[];
}

/**
 * Reads as much as it can of a text that `parseCommand` or the desk refused. Nothing that was typed is lost: what fits
 * nowhere else is in the goal. `undefined` for other commands.
 */
export function readBroken(text: string, { commandName }: GrammarContext): BrokenCommand | undefined {
  const plain = text.replaceAll('\0', '').toWellFormed();
  const { word, rest } = splitFirstWord(withoutOwnName(plain, commandName));
  const name = findSubcommand(word);
  if (name === 'schedule') {
    const { goal, flags } = splitLoosely(rest, scheduleFlags, { hasGoal: false });
    return { name, fields: fieldsOf(goal, flags) };
  }
  return name === 'edit' ? readBrokenEdit(rest) : undefined;
}

function readBrokenEdit(text: string): BrokenCommand {
  const first = splitFirstWord(text);
  const target = looksLikeFlag(first.word) ? '' : bareWord(first.word);
  const isNamed = isReference(target);
  const { goal, flags } = splitLoosely(isNamed ? first.rest : text, editFlags, { hasGoal: true });
  const [addAccept, dropAccept] = [valuesOf(flags, 'add-accept'), valuesOf(flags, 'drop-accept')];
  return {
    name: 'edit',
    ...(isNamed ? { target } : {}),
    fields: withoutNone(fieldsOf(goal, flags)),
    ...(addAccept.length > 0 ? { addAccept } : {}),
    ...(dropAccept.length > 0 ? { dropAccept } : {}),
  };
}

const valuesOf = (flags: readonly LooseFlag[], name: FlagName): string[] =>
  flags.filter((flag) => flag.name === name).map(({ value }) => value);

function fieldsOf(loose: string, flags: readonly LooseFlag[]): Partial<JobForm> {
  const fields: Partial<JobForm> = {};
  for (const { name, value } of flags) {
    // A form has no owner: who takes a job over says so in a command.
    if (name === 'add-accept' || name === 'drop-accept' || name === 'owner') continue;
    if (name === 'accept') fields.accept = [...(fields.accept ?? []), value];
    else fields[name] = fields[name] === undefined ? value : `${fields[name]} or ${value}`;
  }
  const goal = [loose, fields.goal ?? ''].filter((part) => part !== '').join('\n');
  return goal === '' ? fields : { ...fields, goal };
}

/** In a form, an empty field says `none`. */
function withoutNone(fields: Partial<JobForm>): Partial<JobForm> {
  const cleared: Partial<JobForm> = { ...fields };
  for (const name of ['when', 'budget', 'model'] as const) {
    if (isNone(fields[name] ?? '')) cleared[name] = '';
  }
  if (fields.accept?.every(isNone)) cleared.accept = [];
  return cleared;
}
