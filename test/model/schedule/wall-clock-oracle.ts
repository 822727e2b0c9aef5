/** What a wall clock shows in one minute of real time. */
export interface ShownMinute {
  utcMs: number;
  year: number;
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  hour: number;
  minute: number;
  /** The wall clock as a number of minutes, for arithmetic. */
  wallMinute: number;
}

export type Matches = (shown: ShownMinute) => boolean;

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** Reads a zone's wall clock by `Intl`, the slow way, and shares nothing with the code under test. */
function createWallClock(zone: string): (utcMs: number) => ShownMinute {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (utcMs) => {
    const numbers = format.format(utcMs).match(/\d+/g) ?? [];
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = numbers.map(Number);
    return shownMinute(utcMs, Date.UTC(year, month - 1, day, hour, minute) / minuteMs);
  };
}

/** The first minutes of a zone's new offsets between two instants, found by looking every six hours. */
export function findTransitions(zone: string, fromMs: number, toMs: number): number[] {
  const read = createWallClock(zone);
  const offsetAt = (utcMs: number) => read(utcMs).wallMinute - utcMs / minuteMs;
  const transitions: number[] = [];
  const step = dayMs / 4;
  for (let at = fromMs; at < toMs; at += step) {
    let [before, after] = [at, at + step];
    if (offsetAt(before) === offsetAt(after)) continue;
    while (after - before > minuteMs) {
      const middle = before + Math.floor((after - before) / 2 / minuteMs) * minuteMs;
      if (offsetAt(middle) === offsetAt(before)) before = middle;
      else after = middle;
    }
    transitions.push(after);
  }
  return transitions;
}

/** Every minute of a stretch of time, as the zone's wall clock shows it. */
export function readWindow(zone: string, fromMs: number, toMs: number): ShownMinute[] {
  const read = createWallClock(zone);
  return Array.from({ length: (toMs - fromMs) / minuteMs }, (_, index) => read(fromMs + index * minuteMs));
}

/**
 * Every wall-clock time once, with the instant that stands for it: the first one that shows it; where the clock jumps over
 * it, as long after the jump as it would have come after the last minute before.
 */
export function onceEach(window: ShownMinute[]): ShownMinute[] {
  const times = new Map<number, ShownMinute>();
  let last: ShownMinute | undefined;
  for (const shown of window) {
    const jumpedOver = last === undefined ? [] : minutesBetween(last, shown);
    for (const time of [...jumpedOver, shown]) {
      if (!times.has(time.wallMinute)) times.set(time.wallMinute, time);
    }
    last = shown;
  }
  return [...times.values()];
}

/** The instants of the minutes that match, in order. */
export function instantsOf(minutes: ShownMinute[], matches: Matches): string[] {
  const due = new Set(minutes.filter(matches).map(({ utcMs }) => utcMs));
  return [...due].sort((a, b) => a - b).map((at) => new Date(at).toISOString());
}

/** The wall-clock minutes that are never shown, at the instants at which they would have come. */
function minutesBetween(last: ShownMinute, next: ShownMinute): ShownMinute[] {
  const count = Math.max(0, next.wallMinute - last.wallMinute - 1);
  return Array.from({ length: count }, (_, index) =>
    shownMinute(last.utcMs + (index + 1) * minuteMs, last.wallMinute + index + 1),
  );
}

function shownMinute(utcMs: number, wallMinute: number): ShownMinute {
  const wall = new Date(wallMinute * minuteMs);
  return {
    utcMs,
    wallMinute,
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    weekday: wall.getUTCDay(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
}
