import { zoneLabel } from './zone-label.ts';
import { isRepeatedTime, segmentAt, toLocalMs } from './zone-offsets.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * An instant for people, on the wall clock of a zone: `Tue 24 Nov 2026, 02:00 Berlin`. A time that the clock shows twice
 * that day has its offset too: `Sun 25 Oct 2026, 02:30 Berlin (UTC+02:00)`. Seconds are shown where there are any.
 */
export function formatInstant(at: Date, zone: string): string {
  const { day, time } = describeInstant(at, zone);
  return `${day}, ${time}`;
}

/** The parts of `formatInstant`: `Tue 24 Nov 2026` and `02:00 Berlin`. */
export function describeInstant(at: Date, zone: string): { day: string; time: string } {
  const local = new Date(toLocalMs(zone, at.getTime()));
  const clock = local.toISOString().slice(11, local.getUTCSeconds() === 0 ? 16 : 19);
  const offset = isRepeatedTime(zone, at.getTime()) ? ` (UTC${formatOffset(at, zone)})` : '';
  return {
    day: `${weekdays[local.getUTCDay()]} ${local.getUTCDate()} ${months[local.getUTCMonth()]} ${local.getUTCFullYear()}`,
    time: `${clock} ${zoneLabel(zone)}${offset}`,
  };
}

/** The offset of a zone at an instant, as in ISO 8601: `+01:00`. */
export function formatOffset(at: Date, zone: string): string {
  const { offsetMs } = segmentAt(zone, at.getTime());
  return `${offsetMs < 0 ? '-' : '+'}${new Date(Math.abs(offsetMs)).toISOString().slice(11, 16)}`;
}
