import type { AlarmClock } from '../../src/scheduler/alarm-clock.ts';

export interface ManualClock extends AlarmClock {
  now: () => Date;
  /** Moves time to `at` and rings, as the bell would for an alarm of that instant. */
  moveTo(at: Date): void;
  advance(ms: number): void;
  /** Moves time without a ring: the bell is late. */
  setTo(at: Date): void;
}

/** A clock whose time is the test's: it rings when it is moved. */
export function createManualClock(start: Date): ManualClock {
  let current = start;
  let ring: (() => void) | undefined;
  const moveTo = (at: Date): void => {
    current = at;
    ring?.();
  };
  return {
    now: () => current,
    moveTo,
    setTo: (at) => {
      current = at;
    },
    advance: (ms) => moveTo(new Date(current.getTime() + ms)),
    start: async (_dueAt, onRing) => {
      ring = onRing;
    },
    alarmsWritten: () => {},
    stop: async () => {
      ring = undefined;
    },
  };
}
