import type { CalendarDate, Duration, Lexeme } from './lexeme.ts';
import { addDurations, durationOf } from './read-duration.ts';
import { isOnCalendar } from './read-iso.ts';
import { weekdaysBetween } from './read-word.ts';
import { Refusal } from './refusal.ts';

interface Group {
  lexeme: Lexeme;
  length: number;
}

/** Joins what is said in several words: `2 hours 30 minutes`, `24 nov 2026`, `mon to fri`, `15 of the month`. */
export function groupLexemes(lexemes: Lexeme[]): Lexeme[] {
  const grouped: Lexeme[] = [];
  let rest = lexemes;
  while (rest.length > 0) {
    const group = groupDate(rest) ?? groupDuration(rest) ?? groupWeekdays(rest) ?? groupMonthDay(rest);
    const [first] = rest;
    if (group !== undefined) grouped.push(group.lexeme);
    else if (first !== undefined && !isMark(first, 'of')) grouped.push(first);
    rest = rest.slice(group?.length ?? 1);
  }
  return grouped;
}

export function isMark(lexeme: Lexeme | undefined, mark: Extract<Lexeme, { kind: 'mark' }>['mark']): boolean {
  return lexeme?.kind === 'mark' && lexeme.mark === mark;
}

function groupDate(lexemes: Lexeme[]): Group | undefined {
  const [first, ...others] = lexemes;
  const ofCount = isMark(others[0], 'of') ? 1 : 0;
  const second = others[ofCount];
  const [month, dayLexeme] = first?.kind === 'month' ? [first, second] : [second, first];
  const day = dayNumber(dayLexeme);
  if (month?.kind !== 'month' || day === undefined) return undefined;
  const next = others[ofCount + 1];
  const year = next?.kind === 'number' && next.value >= 1_000 && next.value <= 9_999 ? next.value : undefined;
  const date: CalendarDate = { year, month: month.month, day };
  if (!isOnCalendar(date)) throw new Refusal('there is no such day in the calendar');
  return { lexeme: { kind: 'date', date }, length: 2 + ofCount + (year === undefined ? 0 : 1) };
}

function dayNumber(lexeme: Lexeme | undefined): number | undefined {
  if (lexeme?.kind === 'number' && Number.isInteger(lexeme.value)) return lexeme.value;
  return lexeme?.kind === 'ordinal' && lexeme.nth !== 'last' ? lexeme.nth : undefined;
}

function groupDuration(lexemes: Lexeme[]): Group | undefined {
  const first = oneDuration(lexemes);
  if (first === undefined) return undefined;
  const andCount = isMark(lexemes[first.length], 'and') ? 1 : 0;
  const more = groupDuration(lexemes.slice(first.length + andCount));
  if (more?.lexeme.kind !== 'duration') return { ...first, lexeme: { kind: 'duration', duration: first.duration } };
  const duration = addDurations(first.duration, more.lexeme.duration);
  return { lexeme: { kind: 'duration', duration }, length: first.length + andCount + more.length };
}

function oneDuration([first, second]: Lexeme[]): { duration: Duration; length: number } | undefined {
  if (first?.kind === 'duration') return { duration: first.duration, length: 1 };
  if (first?.kind !== 'number' || second?.kind !== 'unit') return undefined;
  return { duration: durationOf(first.value, second.unit), length: 2 };
}

function groupWeekdays(lexemes: Lexeme[]): Group | undefined {
  const fromCount = isMark(lexemes[0], 'from') ? 1 : 0;
  const [first, to, last] = lexemes.slice(fromCount);
  if (first?.kind !== 'weekdays' || last?.kind !== 'weekdays' || !isMark(to, 'to')) return undefined;
  const lexeme = weekdaysBetween(first.days, last.days);
  return lexeme === undefined ? undefined : { lexeme, length: fromCount + 3 };
}

function groupMonthDay([first, second]: Lexeme[]): Group | undefined {
  if (first?.kind !== 'number' || !isMark(second, 'of')) return undefined;
  return { lexeme: { kind: 'ordinal', nth: first.value }, length: 2 };
}
