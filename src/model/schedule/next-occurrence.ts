import { type CronExpression, parseCronExpression } from './cron-expression.ts';
import { nextLocalMatch } from './cron-match.ts';
import type { Schedule } from './schedule.ts';
import { dayMs, type OffsetSegment, segmentAt } from './zone-offsets.ts';

/**
 * The first instant strictly after `after` at which a schedule falls due; `undefined` when none comes any more. A cron
 * schedule with fixed times is due once each matching local day, in a skipped hour at the instant RFC 5545 gives, in a
 * repeated hour the first time; one with `*` or a step in hour or minute at every matching instant.
 */
export function nextOccurrence(schedule: Schedule, after: Date): Date | undefined {
  const nextMs = nextOccurrenceMs(schedule, after.getTime());
  return nextMs === undefined ? undefined : new Date(nextMs);
}

/**
 * The wall-clock time (milliseconds that read as UTC) that a fixed-time schedule names and the zone skips, where it is due at
 * `at` in its place; `undefined` where the schedule means `at` itself.
 */
export function skippedTime({ expression, zone }: Extract<Schedule, { kind: 'cron' }>, at: Date): number | undefined {
  const cron = parseCronExpression(expression);
  const segment = segmentAt(zone, at.getTime());
  const plainMs = at.getTime() + segment.offsetMs;
  const skippedMs = at.getTime() + segment.previousOffsetMs;
  const isInGap =
    skippedMs < segment.startMs + segment.offsetMs && skippedMs >= segment.startMs + segment.previousOffsetMs;
  if (cron.isWildcard || !isInGap || nextLocalMatch(cron, plainMs) === plainMs) return undefined;
  return nextLocalMatch(cron, skippedMs) === skippedMs ? skippedMs : undefined;
}

/** The next `count` instants strictly after `after`; fewer when the schedule ends. */
export function nextOccurrences(schedule: Schedule, after: Date, count: number): Date[] {
  const instants: Date[] = [];
  let last: Date | undefined = after;
  while (instants.length < count) {
    last = nextOccurrence(schedule, last);
    if (last === undefined) break;
    instants.push(last);
  }
  return instants;
}

function nextOccurrenceMs(schedule: Schedule, afterMs: number): number | undefined {
  if (schedule.kind === 'once') return schedule.atMs > afterMs ? schedule.atMs : undefined;
  if (schedule.kind === 'interval') {
    const passed = Math.floor((afterMs - schedule.fromMs) / schedule.everyMs) + 1;
    return schedule.fromMs + Math.max(0, passed) * schedule.everyMs;
  }
  return nextCronMs(parseCronExpression(schedule.expression), schedule.zone, afterMs);
}

/** Goes from one segment of constant offset to the next; inside one the wall clock is plain arithmetic. */
function nextCronMs(cron: CronExpression, zone: string, afterMs: number): number | undefined {
  let fromMs = afterMs + 1;
  for (;;) {
    const segment = segmentAt(zone, fromMs);
    const shiftedMs = nextShiftedMs(cron, segment, fromMs);
    const localMs = nextLocalMatch(cron, firstLocalMs(cron, segment, fromMs));
    const plainMs = localMs === undefined ? Infinity : localMs - segment.offsetMs;
    const nextMs = Math.min(shiftedMs ?? Infinity, plainMs);
    if (nextMs < segment.endMs) return nextMs;
    if (localMs === undefined) return undefined;
    // A wall clock that is set back shows again what lies up to a day before the end of this segment. Where that day was
    // searched too, nothing comes before `localMs` in any segment, and those in between can be left out.
    const isLastDaySearched = fromMs <= segment.endMs - dayMs;
    fromMs = isLastDaySearched ? Math.max(segment.endMs, localMs - dayMs) : segment.endMs;
  }
}

/** Where the search on the wall clock starts; fixed times leave out what a repeated hour shows for the second time. */
function firstLocalMs(cron: CronExpression, segment: OffsetSegment, fromMs: number): number {
  const localMs = fromMs + segment.offsetMs;
  return cron.isWildcard ? localMs : Math.max(localMs, segment.startMs + segment.previousOffsetMs);
}

/** A fixed time that the gap before this segment skips, moved forward by the gap. */
function nextShiftedMs(cron: CronExpression, segment: OffsetSegment, fromMs: number): number | undefined {
  const gapEndLocalMs = segment.startMs + segment.offsetMs;
  const fromLocalMs = fromMs + segment.previousOffsetMs;
  if (cron.isWildcard || fromLocalMs >= gapEndLocalMs) return undefined;
  const localMs = nextLocalMatch(cron, fromLocalMs);
  return localMs !== undefined && localMs < gapEndLocalMs ? localMs - segment.previousOffsetMs : undefined;
}
