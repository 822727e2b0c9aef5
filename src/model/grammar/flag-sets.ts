import { nearest } from '../nearest.ts';
import { editFlagNames, flagNames, type FlagName, type ScheduleFlag } from './flag-rules.ts';
import { listed } from './mistake.ts';

/** The flags that a command takes. */
export interface FlagSet<Name extends FlagName> {
  /** The flag that a word without its dashes is, in any case. */
  find(word: string): Name | undefined;
  /** The flag that a wrong word most likely means. */
  guess(word: string): Name | undefined;
  /** `--project`, `--when`, … and the last of them. */
  listed: string;
  /** Where the goal stands, for refusals. */
  goalPlace: string;
}

/** Words of other tools that nobody needs in a goal, and the flag that stands for them here. */
const otherWords = {
  at: 'when',
  cron: 'when',
  every: 'when',
  schedule: 'when',
  tz: 'zone',
  retry: 'retries',
  'max-retries': 'retries',
  'max-budget-usd': 'budget',
  concurrency: 'overlap',
  missed: 'catch-up',
  misfire: 'catch-up',
} as const satisfies Record<string, ScheduleFlag>;

export const scheduleFlags: FlagSet<ScheduleFlag> = createFlagSet(
  flagNames,
  otherWords,
  'the goal stands in front of the flags',
);

export const editFlags: FlagSet<FlagName> = createFlagSet(
  editFlagNames,
  { ...otherWords, rename: 'name', 'remove-accept': 'drop-accept', 'delete-accept': 'drop-accept' },
  'a new goal stands behind `--goal`',
);

function createFlagSet<Name extends FlagName>(
  names: readonly Name[],
  others: Record<string, Name>,
  goalPlace: string,
): FlagSet<Name> {
  const spellings = new Map<string, Name | 'zone'>([
    ...names.map((name) => [name, name] as const),
    ['timezone', 'zone'],
  ]);
  const otherWords = new Map(Object.entries(others));
  const find = (word: string): Name | undefined => spellings.get(word.toLowerCase()) as Name | undefined;
  return {
    find,
    guess: (word) => otherWords.get(word.toLowerCase()) ?? find(nearest(word, spellings.keys()) ?? ''),
    listed: listed(
      names.map((name) => `--${name}`),
      'and',
    ),
    goalPlace,
  };
}
