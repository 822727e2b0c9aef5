import type { AttemptProgress, AttemptReport } from '../../model/attempt.ts';
import type { Inline } from '../../model/message.ts';
import type { Attempt } from '../../db/attempts.ts';
import type { Run } from '../../db/runs.ts';
import { formatDuration } from '../../model/duration.ts';

/** What the texts about a run are made from: its row, its attempts in order, and where the running one is. */
export interface RunFacts {
  run: Run;
  attempts: Attempt[];
  progress?: AttemptProgress | undefined;
  now: Date;
}

/** The report of the newest attempt that has one. */
export function lastReport(attempts: readonly Attempt[]): AttemptReport | undefined {
  return attempts.findLast((attempt) => attempt.report !== null)?.report ?? undefined;
}

/** `about $1.12`; on a subscription nobody is billed that, so it says what the figure is. */
export function costText(costUsd: number, attempts: readonly Attempt[]): string {
  const isSubscription = attempts.some((attempt) => attempt.keySource === 'none');
  return isSubscription ? `${amountText(costUsd)} at API prices` : amountText(costUsd);
}

export const amountText = (costUsd: number): string =>
  costUsd > 0 && costUsd < 0.01 ? 'less than $0.01' : `about $${costUsd.toFixed(2)}`;

/** From the start of the first attempt to the end, or to now. */
export function durationText({ run, now }: RunFacts): string | undefined {
  return run.startedAt === null
    ? undefined
    : formatDuration(Math.max(0, (run.endedAt ?? now).getTime() - run.startedAt.getTime()));
}

/** Joins what is there with ` · `. */
export function dotted(...parts: (Inline[] | string | undefined)[]): Inline[] {
  const there = parts.filter((part): part is Inline[] | string => part !== undefined && part.length > 0);
  return there.flatMap((part, index) => [
    ...(index === 0 ? [] : [' · ']),
    ...(typeof part === 'string' ? [part] : part),
  ]);
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
