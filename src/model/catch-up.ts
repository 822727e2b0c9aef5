import type { CatchUpRule } from './overlap.ts';

/** What falls due this long ago is on time; what is later was due while nightdesk was not running, or the clock jumped. */
const onTimeMs = 60_000;

export const isOnTime = (dueAt: Date, now: Date): boolean => now.getTime() - dueAt.getTime() <= onTimeMs;

export interface CatchUp {
  /** All that are due, in order. */
  due: readonly Date[];
  rule: CatchUpRule;
  withinMs: number;
  /** How many more runs of the job may be put into the queue, with `all`. */
  places: number;
  now: Date;
}

export interface SplitDue {
  missed: Date[];
  /** Late ones that are run all the same, oldest first. */
  caught: Date[];
  /** The one that is due just now. */
  current: Date | undefined;
}

/** Which of the occurrences that are due are run, and which were missed. */
export function splitDue({ due, rule, withinMs, places, now }: CatchUp): SplitDue {
  const last = due.at(-1);
  const current = last !== undefined && isOnTime(last, now) ? last : undefined;
  const late = current === undefined ? due : due.slice(0, -1);
  const near = late.filter((dueAt) => now.getTime() - dueAt.getTime() <= withinMs);
  const most = { skip: 0, latest: 1, all: places }[rule] - (current === undefined ? 0 : 1);
  const caught = most > 0 ? near.slice(-most) : [];
  return { missed: late.slice(0, late.length - caught.length), caught, current };
}
