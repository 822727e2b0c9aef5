import { Temporal } from 'temporal-polyfill';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// 2.1.330 writes `resets 3:45pm (Europe/Berlin)`, and `resets Nov 25, 10am (UTC)` where that is more than a day ahead.
const time = String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?<half>[ap]m)\b(?:\s*\((?<zone>[^)]+)\))?`;
const weekday = String.raw`(?<weekday>${days.join('|')})[a-z]*,?\s+(?:at\s+)?`;
const date = String.raw`(?<month>${months.join('|')})[a-z]*\s+(?<day>\d{1,2})(?:,?\s+(?<year>\d{4}))?,?\s+(?:at\s+)?`;
const pattern = new RegExp(String.raw`resets?\s+(?:at\s+|on\s+)?(?:${weekday}|${date})?${time}`, 'i');
/** Older versions gave the instant in seconds: `Claude AI usage limit reached|1760000000`. */
const secondsPattern = /limit reached\|(\d{10})\b/i;

/** What was said a moment before the reset is read a moment after it, and must not mean tomorrow. */
const graceMs = 5 * 60_000;

/**
 * When a usage limit resets, read from Claude Code's words: `resets 3:45pm`, `resets Nov 25, 10am (Europe/Berlin)`. The next
 * such instant, in `zone` where the words name none; one that passed up to five minutes before `now` is still meant. Undefined
 * where they say no time.
 */
export function findLimitReset(text: string, now: Date, zone: string): Date | undefined {
  const seconds = secondsPattern.exec(text)?.[1];
  if (seconds !== undefined) return new Date(Number(seconds) * 1000);
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const hour = (Number(groups['hour']) % 12) + (groups['half']?.toLowerCase() === 'pm' ? 12 : 0);
  const clock = { hour, minute: Number(groups['minute'] ?? 0), second: 0, millisecond: 0 };
  const start = localNow(now, groups['zone'] ?? zone, zone).with(clock);
  const isAhead = (at: Temporal.ZonedDateTime): boolean => at.epochMilliseconds > now.getTime() - graceMs;
  const found =
    groups['month'] === undefined
      ? upTo(8, (ahead) => start.add({ days: ahead })).find((at) => isAhead(at) && isWeekday(at, groups['weekday']))
      : onDate(start, groups).find(isAhead);
  return found && new Date(found.epochMilliseconds);
}

const upTo = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const isWeekday = (at: Temporal.ZonedDateTime, name: string | undefined): boolean =>
  name === undefined || days[at.dayOfWeek - 1] === name.toLowerCase();

/** The date in its year, or in this and the next one. */
function onDate(start: Temporal.ZonedDateTime, groups: Record<string, string>): Temporal.ZonedDateTime[] {
  const month = months.indexOf((groups['month'] ?? '').toLowerCase()) + 1;
  const years = groups['year'] === undefined ? [start.year, start.year + 1] : [Number(groups['year'])];
  return years.map((year) => start.with({ year, month, day: Number(groups['day']) }));
}

function localNow(now: Date, wanted: string, fallback: string): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(now.getTime());
  try {
    return instant.toZonedDateTimeISO(wanted);
  } catch {
    return instant.toZonedDateTimeISO(fallback);
  }
}
