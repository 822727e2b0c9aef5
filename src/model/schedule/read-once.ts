import { type Clauses, saysOnly } from './collect-clauses.ts';
import type { CalendarDate, Duration, TimeOfDay } from './lexeme.ts';
import { formatInstant } from './format-instant.ts';
import { isOnCalendar } from './read-iso.ts';
import { formatTime } from './read-time.ts';
import { Refusal } from './refusal.ts';
import { dayMs, fromLocalMs, hourMs, minuteMs, toLocalMs } from './zone-offsets.ts';

/** What words are read against. A day without a time is at `defaultTime`, a night at `nightTime`. */
export interface Moment {
  nowMs: number;
  zone: string;
  defaultTime: TimeOfDay;
  nightTime: TimeOfDay | undefined;
}

const maxAheadMs = 10 * 366 * dayMs;
const eveningHour = 18;
const noonHour = 12;

/** The one instant, in milliseconds UTC, that words mean; not before `nowMs`. Throws a `Refusal`. */
export function readOnce(clauses: Clauses, moment: Moment): number {
  const atMs = findInstant(clauses, moment);
  if (atMs < moment.nowMs) {
    const sameTime = `tomorrow at ${formatTime(localTime(atMs, moment))}`;
    throw new Refusal(`it lies in the past, at ${formatInstant(new Date(atMs), moment.zone)}`, [sameTime]);
  }
  if (atMs - moment.nowMs > maxAheadMs) throw new Refusal('it is more than ten years ahead');
  return atMs;
}

/** Goes on by calendar days first, at the same time of day, then by real time. */
export function addDuration({ nowMs, zone }: Moment, { days, ms }: Duration): number {
  if (days * dayMs + ms > maxAheadMs) throw new Refusal('it is more than ten years ahead');
  return (days === 0 ? nowMs : fromLocalMs(zone, toLocalMs(zone, nowMs) + days * dayMs)) + ms;
}

function findInstant(clauses: Clauses, moment: Moment): number {
  const { marks, duration, date, nearDay, atMs, times, weekdays } = clauses;
  if (times.length > 1) throw new Refusal();
  if (marks.has('now') && saysOnly(clauses, 'now')) return moment.nowMs;
  if (atMs !== undefined && saysOnly(clauses, 'atMs')) return atMs;
  if (marks.has('in') && duration !== undefined) return readIn(clauses, duration, moment);
  if (date !== undefined && saysOnly(clauses, 'date', 'times', 'weekdays')) return readDate(date, clauses, moment);
  if (nearDay !== undefined && saysOnly(clauses, 'nearDay', 'times')) {
    return nearDay === 'tonight'
      ? readTonight(times[0] ?? moment.nightTime, moment)
      : atTime(nearDay === 'today' ? 0 : 1, clauses, moment);
  }
  if (weekdays.length === 1 && saysOnly(clauses, 'weekdays', 'times', 'next')) return readWeekday(clauses, moment);
  if (times.length === 1 && saysOnly(clauses, 'times')) return firstAhead(0, 1, clauses, moment);
  throw new Refusal();
}

function readIn(clauses: Clauses, duration: Duration, moment: Moment): number {
  if (saysOnly(clauses, 'in', 'duration')) return addDuration(moment, duration);
  if (duration.ms > 0 || !saysOnly(clauses, 'in', 'duration', 'times')) throw new Refusal();
  addDuration(moment, duration);
  return atTime(duration.days, clauses, moment);
}

function readDate(date: CalendarDate, { times, weekdays }: Clauses, moment: Moment): number {
  const time = times[0] ?? moment.defaultTime;
  const thisYear = new Date(toLocalMs(moment.zone, moment.nowMs)).getUTCFullYear();
  const years = date.year === undefined ? Array.from({ length: 9 }, (_, index) => thisYear + index) : [date.year];
  const days = years
    .filter((year) => isOnCalendar({ ...date, year }))
    .map((year) => Date.UTC(year, date.month - 1, date.day));
  const day = days.find((day) => localInstant(day, time, moment.zone) >= moment.nowMs) ?? days[0];
  if (day === undefined) throw new Refusal('there is no such day in the calendar');
  const atMs = localInstant(day, time, moment.zone);
  if (weekdays.some((weekday) => weekday !== new Date(day).getUTCDay())) {
    throw new Refusal(`that day is another weekday: ${formatInstant(new Date(atMs), moment.zone)}`);
  }
  return atMs;
}

/** Evening hours are today's; hours after midnight are the ones that come next. */
function readTonight(time: TimeOfDay | undefined, moment: Moment): number {
  if (time === undefined) throw new Refusal('it names no time', ['tonight at 8pm']);
  if (time.hour >= eveningHour) return localInstant(todayMs(moment), time, moment.zone);
  if (time.hour < noonHour) return firstAhead(0, 1, { times: [time] }, moment);
  throw new Refusal(`\`${formatTime(time)}\` is not at night`, [`today at ${formatTime(time)}`]);
}

function readWeekday(clauses: Clauses, moment: Moment): number {
  const today = new Date(todayMs(moment)).getUTCDay();
  const daysAhead = ((clauses.weekdays[0] ?? 0) - today + 7) % 7;
  if (clauses.marks.has('next')) {
    const first = daysAhead === 0 ? 7 : daysAhead;
    const time = formatTime(clauses.times[0] ?? moment.defaultTime);
    const dates = [first, first + 7].map((days) => new Date(todayMs(moment) + days * dayMs).toISOString().slice(0, 10));
    throw new Refusal(
      'people read `next` in two ways',
      dates.map((date) => `${date} at ${time}`),
    );
  }
  return firstAhead(daysAhead, 7, clauses, moment);
}

/** So many days ahead, or `stepDays` later where that has passed. */
function firstAhead(daysAhead: number, stepDays: number, clauses: Pick<Clauses, 'times'>, moment: Moment): number {
  const atMs = atTime(daysAhead, clauses, moment);
  return atMs > moment.nowMs ? atMs : atTime(daysAhead + stepDays, clauses, moment);
}

function atTime(daysAhead: number, { times }: Pick<Clauses, 'times'>, moment: Moment): number {
  return localInstant(todayMs(moment) + daysAhead * dayMs, times[0] ?? moment.defaultTime, moment.zone);
}

function localInstant(localDayMs: number, { hour, minute }: TimeOfDay, zone: string): number {
  return fromLocalMs(zone, localDayMs + hour * hourMs + minute * minuteMs);
}

/** Midnight of the local day, as milliseconds that read as UTC. */
function todayMs({ zone, nowMs }: Moment): number {
  return Math.floor(toLocalMs(zone, nowMs) / dayMs) * dayMs;
}

function localTime(atMs: number, { zone }: Moment): TimeOfDay {
  const local = new Date(toLocalMs(zone, atMs));
  return { hour: local.getUTCHours(), minute: local.getUTCMinutes() };
}
