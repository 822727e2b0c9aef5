import { type Clauses, saysOnly } from './collect-clauses.ts';
import type { Duration } from './lexeme.ts';
import { weekdayField } from './read-recurring.ts';
import { formatTime } from './read-time.ts';
import { Refusal } from './refusal.ts';
import { dayMs, hourMs, minuteMs } from './zone-offsets.ts';

const maxIntervalMs = 366 * dayMs;

/** The milliseconds of `every 6 hours`; `undefined` where the words say more than that. Throws a `Refusal`. */
export function readInterval(clauses: Clauses): number | undefined {
  const { duration } = clauses;
  if (duration === undefined || !saysOnly(clauses, 'every', 'duration')) return undefined;
  const everyMs = totalMs(duration);
  if (everyMs < minuteMs) throw new Refusal('the shortest interval is one minute', ['every minute']);
  if (everyMs > maxIntervalMs) throw new Refusal('the longest interval is a year');
  return everyMs;
}

/** The cron expression of `every 15 minutes on weekdays`, whose steps must divide the hour or the day. */
export function readStepsOnDays(clauses: Clauses, duration: Duration): string {
  const [time] = clauses.times;
  if (time !== undefined && saysOnly(clauses, 'every', 'duration', 'times')) {
    const start = `every ${duration.days} days from tomorrow at ${formatTime(time)}`;
    const instead = duration.days === 1 ? `every day at ${formatTime(time)}` : start;
    throw new Refusal('an interval has a start, not a time of day', duration.days > 0 ? [instead] : []);
  }
  if (!saysOnly(clauses, 'every', 'duration', 'weekdays', 'isPlural')) throw new Refusal();
  const everyMs = totalMs(duration);
  const days = `* * ${weekdayField(clauses.weekdays)}`;
  if (everyMs % minuteMs === 0 && everyMs < hourMs && hourMs % everyMs === 0)
    return `*/${everyMs / minuteMs} * ${days}`;
  if (everyMs % hourMs === 0 && everyMs < dayMs && dayMs % everyMs === 0) {
    return everyMs === hourMs ? `0 * ${days}` : `0 */${everyMs / hourMs} ${days}`;
  }
  throw new Refusal('on certain days an interval must divide the hour or the day', ['every 15 minutes on weekdays']);
}

function totalMs({ days, ms }: Duration): number {
  return Math.round(days * dayMs + ms);
}
