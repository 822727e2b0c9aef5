import type { EditCommand } from '../command.ts';
import type { FlagName } from './flag-rules.ts';
import { editFlags } from './flag-sets.ts';
import { isNone, readAccept, readGoal, readOwner } from './flag-values.ts';
import type { GrammarContext } from './grammar-context.ts';
import { isBlank } from './invisible.ts';
import { mistake, shown } from './mistake.ts';
import { readTarget, unfit } from './parse-target.ts';
import { refuseRepeated } from './refuse-repeated.ts';
import { settingReaders } from './setting-readers.ts';
import { splitFlags } from './split-flags.ts';
import { refuseTooManyChecks } from './too-many-checks.ts';
import { looksLikeFlag, splitFirstWord } from './words.ts';

type Change = Partial<Omit<EditCommand, 'name' | 'target'>>;

const readers: Record<FlagName, (value: string) => Change> = {
  ...settingReaders,
  goal: (value) => ({ goal: readGoal(value) }),
  when: (value) => (isNone(value) ? { when: null } : settingReaders.when(value)),
  accept: (value) => (isNone(value) ? { accept: [] } : settingReaders.accept(value)),
  'add-accept': (value) => ({ addAccept: [readAccept(value)] }),
  'drop-accept': (value) => ({ dropAccept: [value] }),
  budget: (value) => (isNone(value) ? { budgetUsd: null } : settingReaders.budget(value)),
  owner: (value) => ({ owner: readOwner(value) }),
  model: (value) => (isNone(value) ? { model: null } : settingReaders.model(value)),
};

/**
 * Reads `edit <job>` with what is to change. `none` takes away a budget, a model, the checks or the schedule. Throws a
 * UserError.
 */
export function parseEdit(text: string, context: GrammarContext): EditCommand {
  const { word, rest } = splitFirstWord(text);
  const target = readTarget('edit', looksLikeFlag(word) ? '' : word, context);
  const { goal, flags } = splitFlags(rest, editFlags, { hasGoal: true });
  if (!isBlank(goal)) throw looseText(goal, target, context);
  refuseRepeated(flags);
  if (flags.length === 0) throw unfit('There is nothing to change.', 'edit', context);
  const changes = flags.map(({ name, value }) => readers[name](value));
  const all = (key: 'accept' | 'addAccept' | 'dropAccept'): string[] => changes.flatMap((change) => change[key] ?? []);
  const [accept, addAccept, dropAccept] = [all('accept'), all('addAccept'), all('dropAccept')];
  const isReplaced = changes.some((change) => change.accept !== undefined);
  if (isReplaced && addAccept.length + dropAccept.length > 0) throw twoWays();
  refuseTooManyChecks(Math.max(accept.length, addAccept.length));
  const settings: Change = Object.assign({}, ...changes);
  return { ...settings, name: 'edit', target, addAccept, dropAccept, ...(isReplaced ? { accept } : {}) };
}

function looseText(text: string, target: string, { commandName }: GrammarContext) {
  return mistake(
    `${shown(text)} is neither a flag nor its value.`,
    'What is to change stands behind flags; a new goal behind `--goal`.',
    `${commandName} edit ${target} --goal "fix the login page"`,
  );
}

function twoWays() {
  return mistake(
    '`--accept` says all checks anew, and `--add-accept` or `--drop-accept` changes those that are there.',
    'One way or the other is taken.',
    `--add-accept "$ npm run lint"`,
  );
}
