import type { AttemptCause, AttemptOutcome } from './outcome.ts';

/** What keeps every run from working, since all of them use the one login of the host. */
export const holdCauses = ['usage-limit', 'not-logged-in', 'no-credit'] as const;
export type HoldCause = (typeof holdCauses)[number];

export const isHoldCause = (cause: AttemptCause | null): cause is HoldCause =>
  (holdCauses as readonly (AttemptCause | null)[]).includes(cause);

export interface HoldTerm {
  /** When it ends by itself; `null`: a person must do something, and say so. */
  until: Date | null;
  /** Whether Claude Code said when; else `until` is when it is tried again. */
  isKnown: boolean;
}

/** Where a usage limit does not say when it resets. */
const unknownResetMs = 30 * 60_000;
/** A reset that has just passed, by a clock that differs from ours, must not start a run at once, again and again. */
const leastMs = 60_000;

/** No limit lasts longer: an instant beyond that is in another unit than it was read in, or is none at all. */
const longestMs = 366 * 24 * 60 * 60_000;

/** How long what an attempt met holds its login; undefined where it holds nothing. */
export function holdTerm({ cause, resetsAt }: AttemptOutcome, now: Date): HoldTerm | undefined {
  if (!isHoldCause(cause)) return undefined;
  if (cause !== 'usage-limit') return { until: null, isKnown: false };
  const inMs = resetsAt === undefined ? Number.NaN : resetsAt.getTime() - now.getTime();
  return inMs <= longestMs
    ? { until: new Date(now.getTime() + Math.max(inMs, leastMs)), isKnown: true }
    : { until: new Date(now.getTime() + unknownResetMs), isKnown: false };
}
