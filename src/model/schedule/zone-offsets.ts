import { Temporal } from 'temporal-polyfill';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A stretch of time, `[startMs, endMs)`, in which a zone keeps one offset. The first and the last one are endless. */
export interface OffsetSegment {
  startMs: number;
  endMs: number;
  offsetMs: number;
  /** The offset before `startMs`; the same as `offsetMs` in the first segment. */
  previousOffsetMs: number;
}

const segmentsByZone = new Map<string, OffsetSegment[]>();

/**
 * The segment of an IANA zone that holds an instant. Kept per zone, since asking Temporal takes about a millisecond and a
 * minute schedule asks thousands of times.
 */
export function segmentAt(zone: string, atMs: number): OffsetSegment {
  const known = segmentsByZone.get(zone) ?? [];
  const found = known.find((segment) => segment.startMs <= atMs && atMs < segment.endMs);
  if (found !== undefined) return found;
  const segment = findSegment(zone, atMs);
  segmentsByZone.set(zone, [...known, segment]);
  return segment;
}

function findSegment(zone: string, atMs: number): OffsetSegment {
  // A transition counts as "previous" only when it lies strictly before, and one at `atMs` starts this segment.
  const at = Temporal.Instant.fromEpochMilliseconds(atMs + 1).toZonedDateTimeISO(zone);
  const start = at.getTimeZoneTransition('previous');
  const end = at.getTimeZoneTransition('next');
  const offsetMs = at.offsetNanoseconds / 1e6;
  return {
    startMs: start?.epochMilliseconds ?? -Infinity,
    endMs: end?.epochMilliseconds ?? Infinity,
    offsetMs,
    previousOffsetMs: start === null ? offsetMs : start.subtract({ seconds: 1 }).offsetNanoseconds / 1e6,
  };
}

/** What the wall clock of a zone shows at an instant, as milliseconds that read as UTC. */
export function toLocalMs(zone: string, atMs: number): number {
  return atMs + segmentAt(zone, atMs).offsetMs;
}

/**
 * The instant of a wall-clock time (milliseconds that read as UTC), by RFC 5545, 3.3.5: of a time that comes twice the
 * first one; a time that is skipped is read with the offset before the gap, so it moves forward by the gap.
 */
export function fromLocalMs(zone: string, localMs: number): number {
  // No zone is more than 14 hours ahead, so this is before the instant that is looked for.
  let segment = segmentAt(zone, localMs - 15 * hourMs);
  while (localMs >= segment.endMs + segment.offsetMs) segment = segmentAt(zone, segment.endMs);
  const isSkipped = localMs < segment.startMs + segment.offsetMs;
  return localMs - (isSkipped ? segment.previousOffsetMs : segment.offsetMs);
}

/** Whether the wall clock of a zone shows the time of an instant twice, an offset apart. */
export function isRepeatedTime(zone: string, atMs: number): boolean {
  const segment = segmentAt(zone, atMs);
  const localMs = atMs + segment.offsetMs;
  if (localMs < segment.startMs + segment.previousOffsetMs) return true;
  return segment.endMs < Infinity && localMs >= segment.endMs + segmentAt(zone, segment.endMs).offsetMs;
}
