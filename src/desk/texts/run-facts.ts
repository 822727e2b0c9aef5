import type { AttemptProgress, AttemptReport } from '../../model/attempt.ts';
import type { Inline } from '../../model/message.ts';
import type { Attempt } from '../../db/attempts.ts';
import type { Run } from '../../db/runs.ts';
import { isHoldCause } from '../../model/hold.ts';
import { formatDuration } from '../../model/duration.ts';

/** What the texts about a run are made from: its row, its attempts in order, and where the running one is. */
export interface RunFacts {
  run: Run;
  attempts: Attempt[];
  progress?: AttemptProgress | undefined;
  /** Whether a person could retry it now: its job is there, and nobody retries it already. */
  isRetryable: boolean;
  now: Date;
}

/** The report of the newest attempt that has one. */
export function lastReport(attempts: readonly Attempt[]): AttemptReport | undefined {
  return attempts.findLast((attempt) => attempt.report !== null)?.report ?? undefined;
}

/** Attempts that a limit put off don't count: they did nothing, and what follows them bears their number. */
export const isPutOff = ({ cause }: Pick<Attempt, 'cause'>): boolean => cause === 'overloaded' || isHoldCause(cause);

/** Claude has done its work in it, and judging that was put off. */
export const isJudgePutOff = ({ cause, report }: Pick<Attempt, 'cause' | 'report'>): boolean =>
  isPutOff({ cause }) && report?.judge?.stoppedBy !== undefined;

/** Behind a wait: what it means for the work. */
export const putOffText = (attempt: Pick<Attempt, 'cause' | 'report'>): string =>
  isJudgePutOff(attempt) ? 'Claude has done its work, and it is judged then.' : 'No attempt was used.';

/** The number that people are told: `attempt 2`. */
export const ordinalOf = (attempts: readonly Attempt[], attempt: Attempt): number =>
  attempts.filter((each) => each.number <= attempt.number && (each.number === attempt.number || !isPutOff(each)))
    .length;

/** `$5`, `$1.20`. */
export const usdText = (usd: number): string => `$${Number.isInteger(usd) ? usd : usd.toFixed(2)}`;

/**
 * `about $1.12`, or `at least $1.12` where an attempt did not say what it cost; on a subscription nobody is billed that,
 * so it says what the figure is.
 */
export function costText(costUsd: number, attempts: readonly Attempt[]): string {
  const isLeast = attempts.some(
    ({ endedAt, report, costUsd: cost }) => endedAt !== null && report?.claude != null && cost === null,
  );
  const isSubscription = attempts.some((attempt) => attempt.keySource === 'none');
  const digits = costUsd > 0 && costUsd < 0.01 ? costUsd.toPrecision(1) : costUsd.toFixed(2);
  const text = isLeast ? `at least $${digits}` : amountText(costUsd);
  return isSubscription ? `${text} at API prices` : text;
}

export const amountText = (costUsd: number): string =>
  costUsd > 0 && costUsd < 0.01 ? 'less than $0.01' : `about $${costUsd.toFixed(2)}`;

/** From the start of the first attempt to the end, or to now. */
export function durationText({ run, now }: RunFacts): string | undefined {
  return run.startedAt === null ? undefined : formatDuration((run.endedAt ?? now).getTime() - run.startedAt.getTime());
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
