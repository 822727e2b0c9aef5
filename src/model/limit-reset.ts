import { Temporal } from 'temporal-polyfill';

const pattern =
  /resets?\s+(?:at\s+)?(?:(?<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?<half>am|pm)(?:\s*\((?<zone>[^)]+)\))?/i;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * When a usage limit resets, read from Claude Code's words: `resets 3:45pm`, `resets Mon 12:00am (Europe/Berlin)`. The next such
 * instant after `now`, in `zone` where the words name none; undefined where they say no time.
 */
export function findLimitReset(text: string, now: Date, zone: string): Date | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const hour = (Number(groups['hour']) % 12) + (groups['half']?.toLowerCase() === 'pm' ? 12 : 0);
  const time = { hour, minute: Number(groups['minute'] ?? 0), second: 0, millisecond: 0 };
  const start = localNow(now, groups['zone'] ?? zone, zone);
  const day = groups['day'] === undefined ? undefined : days.indexOf(groups['day'].toLowerCase()) + 1;
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const at = start.add({ days: ahead }).with(time);
    if ((day === undefined || at.dayOfWeek === day) && at.epochMilliseconds > now.getTime()) {
      return new Date(at.epochMilliseconds);
    }
  }
  return undefined;
}

function localNow(now: Date, wanted: string, fallback: string): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(now.getTime());
  try {
    return instant.toZonedDateTimeISO(wanted);
  } catch {
    return instant.toZonedDateTimeISO(fallback);
  }
}
