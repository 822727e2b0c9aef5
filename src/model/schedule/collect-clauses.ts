import type { CalendarDate, Duration, Lexeme, Mark, NearDay, Period, TimeOfDay } from './lexeme.ts';
import { Refusal } from './refusal.ts';

/** What the words of a schedule say, in whatever order they say it. */
export interface Clauses {
  marks: Set<Mark>;
  period?: Period;
  duration?: Duration;
  /** Weekdays, 0 (Sunday) to 6. */
  weekdays: number[];
  /** `mondays`, `weekdays`, `mon-fri`: more than once by themselves. */
  isPlural: boolean;
  nthWeekdays: { weekday: number; nth: number | 'last' }[];
  monthDays: (number | 'last')[];
  times: TimeOfDay[];
  date?: CalendarDate;
  atMs?: number;
  nearDay?: NearDay;
}

/** Sorts lexemes by what they say. Throws a `Refusal` where one is unknown, or says the same thing twice. */
export function collectClauses(lexemes: Lexeme[]): Clauses {
  const clauses: Clauses = {
    marks: new Set(),
    weekdays: [],
    isPlural: false,
    nthWeekdays: [],
    monthDays: [],
    times: [],
  };
  let ordinals: (number | 'last')[] = [];
  for (const lexeme of lexemes) {
    if (lexeme.kind === 'ordinal') {
      ordinals.push(lexeme.nth);
    } else if (ordinals.length > 0 && lexeme.kind === 'weekdays') {
      clauses.nthWeekdays.push(...nthWeekdays(ordinals, lexeme.days));
      ordinals = [];
    } else if (ordinals.length > 0 && lexeme.kind === 'unit' && lexeme.unit === 'day') {
      clauses.monthDays.push(...ordinals);
      ordinals = [];
    } else {
      collect(clauses, lexeme);
    }
  }
  if (ordinals.includes('last')) throw new Refusal();
  clauses.monthDays.push(...ordinals);
  demandRecurrence(clauses, lexemes);
  return clauses;
}

/** Whether nothing is said but these things; `and` joins whatever stands beside it. */
export function saysOnly(clauses: Clauses, ...allowed: (keyof Clauses | Mark)[]): boolean {
  const { marks, ...others } = clauses;
  const said = Object.entries(others).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false,
  );
  const names = [...said.map(([name]) => name), ...marks].filter((name) => name !== 'and');
  return names.every((name) => (allowed as string[]).includes(name));
}

/** `first monday` needs "of the month"; "the month" and "night" alone say nothing without `every`. */
function demandRecurrence({ marks, monthDays, nthWeekdays, period }: Clauses, lexemes: Lexeme[]): void {
  const hasOrdinals = monthDays.length + nthWeekdays.length > 0;
  const hasUnit = lexemes.some((lexeme) => lexeme.kind === 'unit');
  if (hasOrdinals ? period !== 'month' : hasUnit && !marks.has('every')) throw new Refusal();
}

function collect(clauses: Clauses, lexeme: Lexeme): void {
  switch (lexeme.kind) {
    case 'mark':
      clauses.marks.add(lexeme.mark);
      return;
    case 'time':
      clauses.times.push(lexeme.time);
      return;
    case 'weekdays':
      clauses.isPlural ||= lexeme.isPlural || clauses.weekdays.length > 0;
      clauses.weekdays.push(...lexeme.days);
      return;
    case 'number':
      clauses.times.push({ hour: plainHour(lexeme.value), minute: 0 });
      return;
    case 'unit':
      setOnce(clauses, 'period', periodOf(lexeme));
      return;
    case 'period':
      setOnce(clauses, 'period', lexeme.period);
      return;
    case 'duration':
      setOnce(clauses, 'duration', lexeme.duration);
      return;
    case 'date':
      setOnce(clauses, 'date', lexeme.date);
      return;
    case 'instant':
      setOnce(clauses, 'atMs', lexeme.atMs);
      return;
    case 'near-day':
      setOnce(clauses, 'nearDay', lexeme.day);
      return;
    case 'ordinal':
    case 'month':
    case 'unknown':
      throw new Refusal();
  }
}

function setOnce<K extends keyof Clauses>(clauses: Clauses, key: K, value: Clauses[K]): void {
  if (clauses[key] !== undefined && clauses[key] !== value) throw new Refusal();
  clauses[key] = value;
}

/** `at 17` is a time; `at 5` may be morning or evening. */
function plainHour(value: number): number {
  if (!Number.isInteger(value) || value > 23 || (value > 0 && value < 13)) throw new Refusal();
  return value;
}

function periodOf({ unit, isPlural }: Extract<Lexeme, { kind: 'unit' }>): Period {
  if (isPlural || unit === 'second' || unit === 'year') throw new Refusal();
  return unit === 'night' ? 'day' : unit;
}

function nthWeekdays(ordinals: (number | 'last')[], weekdays: number[]): Clauses['nthWeekdays'] {
  const [weekday, ...more] = weekdays;
  if (weekday === undefined || more.length > 0) throw new Refusal();
  if (ordinals.some((nth) => nth !== 'last' && nth > 5)) {
    throw new Refusal('a month has at most five of each weekday');
  }
  return ordinals.map((nth) => ({ weekday, nth }));
}
