import { setImmediate as turn } from 'node:timers/promises';

import type { EndedRun } from '../db/expire-runs.ts';
import type { Run } from '../db/runs.ts';
import type { Change, Store } from '../db/store.ts';
import { mostRunsOfJob } from '../model/retention.ts';
import { isHeldByRetry } from './is-held-by-retry.ts';

export interface PruneRunsOptions {
  store: Store;
  /** Runs that ended before it go, and so do jobs that were deleted before it. */
  before: Date;
  signal: AbortSignal;
}

/** Of a job that is there these stay however old they are: what it did last is what people ask for. */
const newestKept = 20;
const runsAtOnce = 50;
const rowsAtOnce = 500;
const jobsAtOnce = 50;
const dayMs = 24 * 60 * 60_000;

/**
 * Deletes runs that are old, or too many of one job, with all that the store has of them; and jobs that were deleted long ago and
 * have no runs any more. A step has at most 50 runs and ends with the one that makes it 500 rows; between steps the event loop has its
 * turns. A run stays that lives, is not told to the end, or left something that is still on the disk; and what `isNeeded` names.
 */
export async function pruneRuns({ store, before, signal }: PruneRunsOptions): Promise<void> {
  const steps = (find: (after: EndedRun) => EndedRun[]) => inSteps(store, signal, find);
  await steps((after) => store.runExpiry.endedBefore(before, after, runsAtOnce));
  for (let jobs = store.runExpiry.jobIds(0, jobsAtOnce); jobs.length > 0;) {
    for (const jobId of jobs) {
      const oldestKept = store.runExpiry.oldestOfNewest(jobId, mostRunsOfJob);
      if (oldestKept === undefined) continue;
      await steps((after) => store.runExpiry.olderThan(jobId, oldestKept, after.id, runsAtOnce));
    }
    await turn();
    if (signal.aborted) return;
    jobs = store.runExpiry.jobIds(jobs.at(-1) ?? 0, jobsAtOnce);
  }
  for (let deleted = jobsAtOnce; deleted === jobsAtOnce && !signal.aborted;) {
    await turn();
    deleted = store.change((change) => change.runExpiry.deleteJobs(before, jobsAtOnce));
  }
}

async function inSteps(store: Store, signal: AbortSignal, find: (after: EndedRun) => EndedRun[]): Promise<void> {
  let after: EndedRun = { id: 0, endedAt: Number.MIN_SAFE_INTEGER };
  for (;;) {
    await turn();
    if (signal.aborted) return;
    const found = find(after);
    if (found.length === 0) return;
    after = store.change((change) => deleteSome(change, found)) ?? after;
  }
}

/** Deletes those that nothing needs, until that is enough for one step. Returns the last one that it looked at. */
function deleteSome(change: Change, found: readonly EndedRun[]): EndedRun | undefined {
  let rows = 0;
  for (const [index, { id }] of found.entries()) {
    // Asked first: where logs are kept for long, it is why most runs stay.
    const run = change.runExpiry.isWanted(id) ? undefined : change.runs.get(id);
    if (run !== undefined && !isNeeded(change, run)) rows += change.runExpiry.deleteRun(id);
    if (rows >= rowsAtOnce) return found[index];
  }
  return found.at(-1);
}

/**
 * Whether somebody may still ask for a run that is over and told, or build on it: it is among the newest of its job, a run that lives
 * retries it, a digest is still to name it, or it was the last to work in its project's folder.
 */
const isNeeded = (change: Change, run: Run): boolean =>
  isAmongNewest(change, run) ||
  isHeldByRetry(change, run.id) ||
  isForDigest(change, run) ||
  isLastInFolder(change, run);

function isAmongNewest(change: Change, run: Run): boolean {
  if (change.jobs.isDeleted(run.jobId)) return false;
  const oldest = change.runExpiry.oldestOfNewest(run.jobId, newestKept);
  return oldest === undefined || run.id >= oldest;
}

function isForDigest(change: Change, { spec, endedAt }: Run): boolean {
  const digest = change.digests.all().find(({ channel }) => channel === spec.channel);
  if (digest === undefined || endedAt === null) return false;
  // The first one tells of the day before it.
  return endedAt >= (digest.toldUntil ?? new Date(digest.dueAt.getTime() - dayMs));
}

/** A run in place whose processes are not proven gone holds its project as long as no later one worked there: see `start-next`. */
function isLastInFolder(change: Change, run: Run): boolean {
  const last = change.attempts.ofRun(run.id).findLast(({ endedAt }) => endedAt !== null);
  return last?.report?.workspace?.kind === 'in-place' && change.attempts.lastInProject(run.project)?.id === last.id;
}
