import type { Change } from '../db/store.ts';
import { isOnTime, splitDue, type SplitDue } from '../model/catch-up.ts';
import type { Job } from '../model/job.ts';
import { catchUpWindow, maxCaughtUp } from '../model/overlap.ts';
import { parseDurationMs } from '../model/duration.ts';
import { nextOccurrence as byNextOccurrence } from '../model/run.ts';
import { nextOccurrence } from '../model/schedule/next-occurrence.ts';
import type { Schedule } from '../model/schedule/schedule.ts';
import { cancelRun } from './cancel-run.ts';
import type { DeskSettings } from './desk-settings.ts';
import { enqueueRun } from './enqueue-run.ts';
import { findWait } from './hold-login.ts';
import { meetOverlap } from './meet-overlap.ts';
import { planNext } from './plan-next.ts';
import { showJob } from './show-job.ts';
import { tellMissed, tellSkipped } from './tell-not-run.ts';

export interface SettleOrder {
  settings: DeskSettings;
  jobId: number;
  now: Date;
  /** How many occurrences to settle at most. What is left is due again, and the bell is rung for it. */
  limit: number;
  /** Whether the store could not be written then, though nightdesk was running. */
  tookNothing?: (at: Date) => boolean;
  /** Ends a running attempt, once the change is committed. */
  cancelAttempt: (attemptId: string) => void;
}

/** Occurrences that are settled at once, of one job or of all that are due. */
export const occurrencesAtOnce = 5_000;

const wasDown = 'nightdesk was not running';
const wasUnwritable = 'the store could not be written';
/** A month of minutes. Of more that were missed in a row, one row stands for those in between. */
const maxMissedRows = 50_000;
const longestWindowMs = parseDurationMs(catchUpWindow.most) ?? 0;

/**
 * Settles what is due of a job, each as ran, skipped or missed, by the job's rules for overlaps and for downtime, and plans its
 * next occurrence. A long time of downtime is settled in pieces: the first that is left stays planned.
 */
export function settleDue(change: Change, order: SettleOrder): void {
  const { settings, jobId, now, limit } = order;
  const first = change.occurrences.planned(jobId);
  if (first === undefined || first > now) return;
  const job = change.jobs.get(jobId);
  if (job === undefined || job.schedule === null || job.paused !== null) {
    const reason = job?.paused ? 'the job is paused' : 'the job has no schedule any more';
    change.occurrences.settle({ jobId, dueAt: first }, 'skipped', now, { reason });
    return;
  }
  const instants = dueSince(job.schedule, first, { now, limit: limit + maxCaughtUp });
  if (instants.length === limit + maxCaughtUp) {
    settlePiece(change, job, instants.slice(0, limit), order);
    return;
  }
  // Where the clock was set back, some of them are settled.
  const settled = new Set(change.occurrences.settledIn(jobId, first, now).map((dueAt) => dueAt.getTime()));
  const due = instants.filter((dueAt) => !settled.has(dueAt.getTime()));
  const { catchUp: rule, catchUpWithinMs: withinMs } = job.settings;
  const split = splitDue({ due, rule, withinMs, places: freePlaces(change, jobId), now });
  settleRest(change, { ...order, job, due, split });
  showJob(change, settings, jobId, now);
}

/** How many more runs of a job may wait. While a hold keeps every run, one waits for all that fell due. */
function freePlaces(change: Change, jobId: number): number {
  const live = change.runs.liveOfJob(jobId);
  if (findWait(change) !== undefined) return live.some(({ status }) => status !== 'running') ? 0 : 1;
  return maxCaughtUp - live.filter(({ status }) => status === 'queued').length;
}

/** Up to `limit` instants from `first` to `now` at which the job falls due, in order. */
function dueSince(schedule: Schedule, first: Date, { now, limit }: { now: Date; limit: number }): Date[] {
  const instants: Date[] = [];
  for (let at: Date | undefined = first; at !== undefined && at <= now && instants.length < limit;) {
    instants.push(at);
    at = nextOccurrence(schedule, at);
  }
  return instants;
}

/** More are due than are settled at once: these can't be among those that are caught up. */
function settlePiece(change: Change, job: Job, missed: readonly Date[], order: SettleOrder): void {
  const { now } = order;
  const why = whyMissed(order, missed);
  const [first, last] = [missed[0] ?? now, missed.at(-1) ?? now];
  const after = change.occurrences.lastRan(job.id, first) ?? new Date(0);
  const { count } = change.occurrences.streak(job.id, 'missed', { after, to: first });
  const windowStart = new Date(now.getTime() - longestWindowMs);
  if (count < maxMissedRows || first >= windowStart) {
    change.occurrences.settleMissed(job.id, missed, now, why);
    planNext(change, job, last);
  } else {
    const reason = `${why}; this one stands for all until ${windowStart.toISOString()}`;
    change.occurrences.settleMissed(job.id, [first], now, reason);
    planNext(change, job, windowStart);
  }
  change.alarm(now);
}

/** Why nothing ran when these fell due, of which the first is asked. */
const whyMissed = ({ tookNothing = () => false }: SettleOrder, [first]: readonly Date[]): string =>
  first !== undefined && tookNothing(first) ? wasUnwritable : wasDown;

interface Rest extends SettleOrder {
  job: Job;
  due: readonly Date[];
  split: SplitDue;
}

function settleRest(change: Change, rest: Rest): void {
  const { job, due, split, now } = rest;
  const { missed, caught, current } = split;
  const [first, last] = [due[0], due.at(-1)];
  const why = whyMissed(rest, due);
  change.occurrences.settleMissed(job.id, missed, now, why);
  planNext(change, job, now);
  if (first === undefined || last === undefined) return;
  const isRow = job.settings.catchUp === 'all' && caught.length > 0;
  const runs = isRow ? caught.map((dueAt) => run(change, rest, dueAt, true)) : [];
  const single = isRow ? undefined : (caught[0] ?? current);
  const ran = single === undefined ? undefined : runOrSkip(change, rest, single);
  if (isRow && current !== undefined) run(change, rest, current, true);
  const late = ran?.dueAt != null && !isOnTime(ran.dueAt, now) ? [ran] : runs;
  if (missed.length > 0 || late.length > 0) tellMissed(change, { job, first, last, caught: late, why, now });
}

function runOrSkip(change: Change, rest: Rest, dueAt: Date) {
  const { job, settings, now, cancelAttempt } = rest;
  const meeting = meetOverlap(change, job);
  if (meeting.kind === 'skip') {
    const { why, isTold } = meeting;
    change.occurrences.settle({ jobId: job.id, dueAt }, 'skipped', now, { reason: why });
    if (!isTold) tellSkipped(change, { job, dueAt, why, now });
    return undefined;
  }
  for (const old of meeting.cancels) {
    cancelRun(change, { run: old, by: byNextOccurrence, settings, now, cancelAttempt });
  }
  return run(change, rest, dueAt, meeting.waitsForOlder);
}

function run(change: Change, { job, settings, now }: Rest, dueAt: Date, waitsForOlder: boolean) {
  const queued = enqueueRun(change, { job, settings, trigger: 'schedule', now, dueAt, waitsForOlder });
  change.occurrences.settle({ jobId: job.id, dueAt }, 'ran', now, { runId: queued.id });
  return queued;
}
