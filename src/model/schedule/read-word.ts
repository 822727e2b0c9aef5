import type { Lexeme, Mark, NearDay, Period, Unit } from './lexeme.ts';
import { readCompactDuration } from './read-duration.ts';
import { readIsoWord } from './read-iso.ts';
import { readTimeWord } from './read-time.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const numbers = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

const fillers = new Set(['at', 'on', 'the', 'this', "o'clock", 'once', 'please', 'run', '@']);

const lexemes = new Map<string, Lexeme>();

function addAll(lexeme: Lexeme, ...words: string[]): void {
  for (const word of words) lexemes.set(word, lexeme);
}

const mark = (mark: Mark): Lexeme => ({ kind: 'mark', mark });
const nearDay = (day: NearDay): Lexeme => ({ kind: 'near-day', day });
const period = (period: Period): Lexeme => ({ kind: 'period', period });
const days = (days: number[], isPlural: boolean): Lexeme => ({ kind: 'weekdays', days, isPlural });

function addUnit(unit: Unit, singular: string[], plural: string[]): void {
  addAll({ kind: 'unit', unit, isPlural: false }, ...singular);
  addAll({ kind: 'unit', unit, isPlural: true }, ...plural);
}

addAll(mark('and'), 'and', 'plus');
addAll(mark('every'), 'every', 'each');
addAll(mark('from'), 'from', 'starting', 'beginning');
addAll(mark('in'), 'in', 'after');
addAll(mark('next'), 'next');
addAll(mark('now'), 'now', 'immediately', 'asap');
addAll(mark('of'), 'of');
addAll(mark('to'), 'to', 'through', 'thru', '-');
addUnit('second', [], ['seconds', 'secs', 'sec']);
addUnit('minute', ['minute', 'min'], ['minutes', 'mins']);
addUnit('hour', ['hour', 'hr'], ['hours', 'hrs']);
addUnit('day', ['day'], ['days']);
addUnit('night', ['night'], ['nights']);
addUnit('week', ['week'], ['weeks']);
addUnit('month', ['month'], ['months']);
addUnit('year', ['year'], ['years']);
addAll(nearDay('today'), 'today');
addAll(nearDay('tonight'), 'tonight');
addAll(nearDay('tomorrow'), 'tomorrow');
addAll(period('hour'), 'hourly');
addAll(period('day'), 'daily', 'nightly', 'everyday');
addAll(period('week'), 'weekly');
addAll(period('month'), 'monthly');
addAll(days([1, 2, 3, 4, 5], true), 'weekdays', 'weekday', 'workdays', 'workday');
addAll(days([0, 6], true), 'weekends', 'weekend');
for (const [index, name] of weekdays.entries()) {
  addAll(days([index], false), name, name.slice(0, 3));
  addAll(days([index], true), `${name}s`);
}
addAll(days([2], false), 'tues');
addAll(days([3], false), 'weds');
addAll(days([4], false), 'thur', 'thurs');
for (const [index, name] of months.entries()) addAll({ kind: 'month', month: index + 1 }, name, name.slice(0, 3));
addAll({ kind: 'month', month: 9 }, 'sept');
for (const [value, name] of numbers.entries()) if (value > 0) addAll({ kind: 'number', value }, name);
addAll({ kind: 'number', value: 1 }, 'a', 'an');
addAll({ kind: 'number', value: 2 }, 'other');
for (const [nth, name] of ordinals.entries()) if (nth > 0) addAll({ kind: 'ordinal', nth }, name);
addAll({ kind: 'ordinal', nth: 'last' }, 'last');
addAll({ kind: 'time', time: { hour: 12, minute: 0 } }, 'noon', 'midday');
addAll({ kind: 'time', time: { hour: 0, minute: 0 } }, 'midnight');

/** Words that people may mean when they write one that nobody knows; abbreviations are too near to everything. */
export const vocabulary = [...lexemes.keys()].filter((word) => word.length > 3);

/** What one lower-case word says; `undefined` for a word that says nothing, such as `at`. Throws a `Refusal` for `25:00`. */
export function readWord(word: string): Lexeme | undefined {
  if (fillers.has(word)) return undefined;
  return (
    lexemes.get(word) ??
    readWeekdayRange(word) ??
    readNumberWord(word) ??
    readTimeWord(word) ??
    readIsoWord(word) ??
    readCompactDuration(word) ?? { kind: 'unknown', word }
  );
}

function readWeekdayRange(word: string): Lexeme | undefined {
  const [first, last, ...rest] = word.split('-').map((name) => lexemes.get(name));
  if (first?.kind !== 'weekdays' || last?.kind !== 'weekdays' || rest.length > 0) return undefined;
  return weekdaysBetween(first.days, last.days);
}

/** `fri-mon` runs over the weekend. It is more than one day, so it is a recurrence. */
export function weekdaysBetween(first: number[], last: number[]): Lexeme | undefined {
  const [from, to] = [first[0], last[0]];
  if (first.length > 1 || last.length > 1 || from === undefined || to === undefined) return undefined;
  return days(
    Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7),
    true,
  );
}

function readNumberWord(word: string): Lexeme | undefined {
  if (/^\d+(\.\d+)?$/.test(word)) return { kind: 'number', value: Number(word) };
  const nth = /^(\d+)(st|nd|rd|th)$/.exec(word)?.[1];
  return nth === undefined ? undefined : { kind: 'ordinal', nth: Number(nth) };
}
