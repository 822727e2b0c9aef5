import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import { runLabel } from '../model/run.ts';
import { nextOccurrences } from '../model/schedule/next-occurrence.ts';
import { formatCheck } from '../model/check.ts';
import { runJson } from './read-run.ts';
import { scheduleText } from './texts/job-view.ts';

/** A job as scripts and the page read it, with up to `times` instants at which it is due next. */
export function jobJson(store: Store, job: Job, now: Date, times: number) {
  const next = job.schedule === null || job.paused !== null ? [] : nextOccurrences(job.schedule, now, times);
  const last = store.runs.latestOfJob(job.id);
  const { settings } = job;
  return {
    name: job.name,
    goal: job.goal,
    project: job.project,
    checks: job.checks.map(formatCheck),
    schedule: job.schedule === null ? null : scheduleText(job),
    nextAt: next[0]?.toISOString() ?? null,
    nextTimes: next.map((at) => at.toISOString()),
    settings: { ...settings, budgetUsd: settings.budgetUsd ?? null, model: settings.model ?? null },
    channel: job.channel,
    owner: job.owner,
    paused: job.paused === null ? null : { until: job.paused.until?.toISOString() ?? null },
    createdAt: job.createdAt.toISOString(),
    lastRun: last === undefined ? null : { id: runLabel(last.id), status: last.status },
  };
}

interface HistoryPage {
  /** Those whose runs may be shown: earlier ones may be of another project. */
  projects?: readonly string[] | undefined;
  before?: Place | undefined;
  limit: number;
}

interface Place {
  /** History goes on with runs below this number … */
  run: number;
  /** … and with occurrences that were due before this instant, in milliseconds. */
  dueAtMs: number;
}

type Past =
  | { kind: 'run'; at: Date; run: Run }
  | { kind: 'occurrence'; at: Date; occurrence: ReturnType<Store['occurrences']['notRun']>[number] };

type HistoryEntry =
  | { kind: 'run'; run: ReturnType<typeof runJson> }
  | { kind: 'skipped' | 'missed'; dueAt: string; reason: string | null };

/** An occurrence that ran is told by its run. */
const entryJson =
  (store: Store) =>
  (past: Past): HistoryEntry | undefined => {
    if (past.kind === 'run') return { kind: 'run', run: runJson(store, past.run) };
    const { state, dueAt, reason } = past.occurrence;
    if (state !== 'skipped' && state !== 'missed') return undefined;
    return { kind: state, dueAt: dueAt.toISOString(), reason };
  };

/** How `next` writes a place in the history: `142.1764012345000`. */
const placeText = ({ run, dueAtMs }: Place): string => `${run}.${dueAtMs}`;

/**
 * A job's runs, and its occurrences that did not run, newest first. `next` is where the rest begins; null at the end.
 */
export function jobHistory(store: Store, job: Job, { projects, before, limit }: HistoryPage) {
  const runs = store.runs.list({ jobId: job.id, projects, before: before?.run, limit: limit + 1 });
  const from = before === undefined ? undefined : new Date(before.dueAtMs);
  const occurrences = store.occurrences.notRun(job.id, limit + 1, from);
  const all: Past[] = [
    ...runs.map((run): Past => ({ kind: 'run', at: run.queuedAt, run })),
    ...occurrences.map((occurrence): Past => ({ kind: 'occurrence', at: occurrence.dueAt, occurrence })),
  ];
  all.sort((one, other) => other.at.getTime() - one.at.getTime());
  const shown = all.slice(0, limit);
  const entries = shown.map(entryJson(store)).filter((entry) => entry !== undefined);
  const place: Place = {
    run: shown.findLast((entry) => entry.kind === 'run')?.run.id ?? before?.run ?? Number.MAX_SAFE_INTEGER,
    dueAtMs:
      shown.findLast((entry) => entry.kind === 'occurrence')?.at.getTime() ??
      before?.dueAtMs ??
      // The last instant that a Date can be.
      8.64e15,
  };
  return { entries, next: all.length > limit ? placeText(place) : null };
}
