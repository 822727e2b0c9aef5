import { type Clauses, saysOnly } from './collect-clauses.ts';
import type { TimeOfDay } from './lexeme.ts';
import { isOnCalendar } from './read-iso.ts';
import { formatTime } from './read-time.ts';
import { Refusal } from './refusal.ts';

/** Whether words ask for more than one occurrence. */
export function isRecurring(clauses: Clauses): boolean {
  const { marks, period, isPlural, nthWeekdays, monthDays } = clauses;
  return marks.has('every') || period !== undefined || isPlural || nthWeekdays.length > 0 || monthDays.length > 0;
}

/** The cron expression of recurring words; days without a time are at `defaultTime`. Throws a `Refusal`. */
export function readRecurring(clauses: Clauses, defaultTime: TimeOfDay): string {
  if (clauses.period === 'minute' || clauses.period === 'hour') return readHourly(clauses);
  return `${timeFields(clauses.times.length === 0 ? [defaultTime] : clauses.times)} ${dayFields(clauses)}`;
}

/** The weekday field of a cron expression: `1-5`, `0,6`, `*`. */
export function weekdayField(weekdays: number[]): string {
  const sorted = [...new Set(weekdays)].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || sorted.length === 7) return '*';
  return sorted.length > 2 && last - first === sorted.length - 1 ? `${first}-${last}` : sorted.join(',');
}

function readHourly(clauses: Clauses): string {
  if (!saysOnly(clauses, 'every', 'period', 'weekdays', 'isPlural')) throw new Refusal();
  return `${clauses.period === 'hour' ? '0 *' : '* *'} * * ${weekdayField(clauses.weekdays)}`;
}

function timeFields(times: TimeOfDay[]): string {
  const hours = sortedUnique(times.map(({ hour }) => hour));
  const minutes = sortedUnique(times.map(({ minute }) => minute));
  const moments = sortedUnique(times.map(({ hour, minute }) => hour * 60 + minute));
  if (hours.length * minutes.length !== moments.length) {
    throw new Refusal(
      `${times.map((time) => `\`${formatTime(time)}\``).join(' and ')} take a job each: one schedule has the same minutes in all of its hours`,
    );
  }
  return `${minutes.join(',')} ${hours.join(',')}`;
}

function dayFields(clauses: Clauses): string {
  const { weekdays, nthWeekdays, monthDays, period, date } = clauses;
  if (nthWeekdays.length > 0 && says(clauses, 'nthWeekdays')) {
    return `* * ${nthWeekdays.map(({ weekday, nth }) => (nth === 'last' ? `${weekday}L` : `${weekday}#${nth}`)).join(',')}`;
  }
  if (monthDays.length > 0 && says(clauses, 'monthDays')) return `${monthDayField(monthDays)} * *`;
  if (date !== undefined && date.year === undefined && saysOnly(clauses, 'every', 'times', 'date')) {
    return `${date.day} ${date.month} *`;
  }
  if (weekdays.length > 0 && period !== 'month' && says(clauses, 'weekdays')) return `* * ${weekdayField(weekdays)}`;
  if (period === undefined || !says(clauses)) throw new Refusal();
  if (period === 'week') return '* * 1';
  return period === 'month' ? '1 * *' : '* * *';
}

const says = (clauses: Clauses, ...more: (keyof Clauses)[]) =>
  saysOnly(clauses, 'every', 'period', 'times', 'isPlural', ...more);

function monthDayField(days: (number | 'last')[]): string {
  const numbers = days.filter((day) => day !== 'last');
  if (numbers.some((day) => !isOnCalendar({ month: 1, day }))) throw new Refusal('a month has at most 31 days');
  const sorted = sortedUnique(numbers).map(String);
  return (numbers.length < days.length ? [...sorted, 'L'] : sorted).join(',');
}

const sortedUnique = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
