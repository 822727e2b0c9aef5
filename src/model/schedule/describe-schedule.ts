import { parseCronExpression } from './cron-expression.ts';
import { describeCron } from './describe-cron.ts';
import { describeInstant } from './format-instant.ts';
import type { Schedule } from './schedule.ts';
import { zoneLabel } from './zone-label.ts';
import { dayMs, hourMs, minuteMs } from './zone-offsets.ts';

/**
 * A schedule as a fragment of a sentence: `weekdays at 02:00 Berlin`, `every 6 hours`, `once, Tue 24 Nov 2026 at 02:00
 * Berlin`. A cron expression that short words can't say exactly is shown as it is: `cron 0 0 13 1-6 5 (Berlin)`.
 */
export function describeSchedule(schedule: Schedule): string {
  if (schedule.kind === 'once') {
    const { day, time } = describeInstant(new Date(schedule.atMs), schedule.zone);
    return `once, ${day} at ${time}`;
  }
  if (schedule.kind === 'interval') return `every ${describeDuration(schedule.everyMs)}`;
  const words = describeCron(parseCronExpression(schedule.expression));
  const place = zoneLabel(schedule.zone);
  if (words === undefined) return `cron ${schedule.expression} (${place})`;
  return /\d$/.test(words) ? `${words} ${place}` : `${words}, ${place}`;
}

/** `90 minutes`, `6 hours`, `1 hour`; days from two on, since an interval is counted in real time. */
function describeDuration(durationMs: number): string {
  const units = [
    { name: 'day', unitMs: dayMs, from: 2 },
    { name: 'hour', unitMs: hourMs, from: 1 },
    { name: 'minute', unitMs: minuteMs, from: 1 },
    { name: 'second', unitMs: 1_000, from: 0 },
  ];
  for (const { name, unitMs, from } of units) {
    const count = durationMs / unitMs;
    if (count >= from && (Number.isInteger(count) || unitMs === 1_000))
      return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return `${durationMs} milliseconds`;
}
