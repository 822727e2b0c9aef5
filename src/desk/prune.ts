import { setImmediate as turn } from 'node:timers/promises';

import type { Run } from '../db/runs.ts';
import type { Remnant, RunFilesRow } from '../db/run-files.ts';
import type { Expiring } from '../db/expire-rows.ts';
import type { Change, Store } from '../db/store.ts';
import { amountBytes } from '../model/disk.ts';
import { isFinal } from '../model/run.ts';
import type { Discarded, RunFiles } from '../runner/run-files.ts';
import type { DeskSettings } from './desk-settings.ts';
import { isHeldByRetry } from './is-held-by-retry.ts';
import { pruneRuns } from './prune-runs.ts';
import { runViewKey } from './tell-run.ts';
import type { Host } from './watch-host.ts';

export interface PruneDependencies {
  store: Store;
  runFiles: RunFiles;
  settings: DeskSettings;
  host: Pick<Host, 'disk'>;
  /** Resolves when nothing is being delivered. */
  delivered: () => Promise<void>;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface Prune {
  /** Begins where it is time for it: at first, a day after the last time, and sooner where the disk is full. Often called. */
  look(): void;
  /** Resolves when nothing is being deleted. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const hourMs = 60 * 60_000;
const everyMs = 24 * hourMs;
/** On a full disk: no more often than this. */
const urgentEveryMs = hourMs / 2;
/** On a full disk the worktrees of runs that ended this long ago go: somebody may be looking at later ones. */
const urgentWorktreesMs = hourMs;
/** On a full disk: what a restore put aside goes sooner. A week is time to see what is missing. */
const urgentAsideMs = 7 * everyMs;
/** Tables that `retention.rows` is for. Messages go before the views in whose threads they are. */
const byRows = ['occurrences', 'messages', 'alerts', 'holds', 'views', 'web_messages', 'web_attachments'] as const;
const lookAtBranchAgainMs = 7 * everyMs;
const runsAtOnce = 50;
const rowsAtOnce = 500;

/** Deletes what ended runs left behind once it is old or takes too much, in small steps between which all else goes on. */
export function createPrune(dependencies: PruneDependencies): Prune {
  const { store, host, settings, delivered, now, onFault } = dependencies;
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  let pruning: Promise<void> | undefined;
  let lastAt: Date | undefined;

  function isTime(): boolean {
    if (lastAt === undefined) return true;
    const sinceMs = now().getTime() - lastAt.getTime();
    // A clock that was set back is no reason to wait for longer.
    return sinceMs < 0 || sinceMs >= everyMs || (sinceMs >= urgentEveryMs && isFull());
  }

  function isFull(): boolean {
    const { freeBytes, totalBytes } = host.disk();
    return freeBytes < amountBytes(settings.minFree, totalBytes);
  }

  async function round(): Promise<void> {
    if (!isTime()) return;
    lastAt = now();
    const isUrgent = isFull();
    // The same ring delivers: what is told by it can go in this round. A full disk waits for no platform.
    await turn();
    if (!isUrgent) await Promise.race([delivered(), stopped.promise]);
    await pruneAll(dependencies, isUrgent, stopping.signal);
    store.change((change) => change.alarm(new Date(now().getTime() + everyMs)));
  }

  return {
    look() {
      if (stopping.signal.aborted || pruning !== undefined) return;
      pruning = round()
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) onFault(error, 'deleting what is old');
        })
        .finally(() => (pruning = undefined));
    },
    async idle() {
      await pruning;
    },
    async stop() {
      stopping.abort();
      stopped.resolve();
      await pruning;
    },
  };
}

async function pruneAll(dependencies: PruneDependencies, isUrgent: boolean, signal: AbortSignal): Promise<void> {
  const { store, settings, now } = dependencies;
  const { logsMs, branchesMs, runsMs, rowsMs, auditMs } = settings.retention;
  const ago = (ms: number): Date => new Date(now().getTime() - ms);
  const worktreesMs = isUrgent ? urgentWorktreesMs : settings.retention.worktreesMs;
  const each = (find: (page: { after: number; limit: number }) => RunFilesRow[], act: Act) =>
    forEachRun(dependencies, signal, find, act);

  if (worktreesMs !== null) {
    await each((page) => store.runFiles.endedBefore('worktree', ago(worktreesMs), page), discardWorktree);
  }
  if (logsMs !== null) {
    await each((page) => store.runFiles.endedBefore('logs', ago(logsMs), page), discardLogs);
  }
  if (branchesMs !== null) {
    const lookedBefore = ago(lookAtBranchAgainMs);
    await each((page) => store.runFiles.branchesToLookAt(ago(branchesMs), lookedBefore, page), discardBranch);
  }
  await each(store.runFiles.unmeasured, measure);
  const isTooMuch = (): boolean => store.runFiles.totalBytes() > mostBytes(dependencies);
  // What just ended may still be looked at.
  const steps = [
    { what: 'worktree', act: discardWorktree, before: ago(urgentWorktreesMs) },
    { what: 'logs', act: discardLogs, before: ago(everyMs) },
  ] as const;
  for (const { what, act, before } of steps) {
    await each((page) => (isTooMuch() ? store.runFiles.endedBefore(what, before, { ...page, limit: 1 }) : []), act);
  }
  const asideMs = isUrgent && logsMs !== null ? Math.min(logsMs, urgentAsideMs) : logsMs;
  await dependencies.runFiles
    .discardLeftovers({ restoredBefore: asideMs === null ? null : ago(asideMs), abandonedBefore: ago(everyMs) })
    .catch((error: unknown) => dependencies.onFault(error, 'deleting what commands left'));
  for (const what of rowsMs === null ? [] : byRows) await expireRows(store, what, ago(rowsMs ?? 0), signal);
  if (auditMs !== null) await expireRows(store, 'audit', ago(auditMs), signal);
  // Last: a run goes when nothing is left of it, a job when no occurrence is.
  if (runsMs !== null) await pruneRuns({ store, before: ago(runsMs), signal });
}

const mostBytes = ({ host, settings }: PruneDependencies): number =>
  amountBytes(settings.retention.size, host.disk().totalBytes);

type Act = (dependencies: PruneDependencies, run: Run) => Promise<void>;

/** One run after the other, oldest first, with turns of the event loop between them. */
async function forEachRun(
  dependencies: PruneDependencies,
  signal: AbortSignal,
  find: (page: { after: number; limit: number }) => RunFilesRow[],
  act: Act,
): Promise<void> {
  const { store, onFault } = dependencies;
  let after = 0;
  for (;;) {
    const rows = find({ after, limit: runsAtOnce });
    if (rows.length === 0) return;
    for (const { runId } of rows) {
      after = runId;
      await turn();
      if (signal.aborted) return;
      const run = store.runs.get(runId);
      if (run === undefined || !isOver(store, run)) continue;
      // Files that can't be deleted now are tried again the next time, and hold up no others.
      await act(dependencies, run).catch((error: unknown) => onFault(error, `deleting what r${runId} left`));
    }
  }
}

/** Whether nobody waits for anything of the run: it has ended, all of it is told, and nothing that lives builds on it. */
const isOver = (store: Store, run: Run): boolean =>
  isFinal(run.status) && !store.outbox.hasUndelivered(runViewKey(run.id)) && !isHeldByRetry(store, run.id);

const discardLogs: Act = async (dependencies, run) => {
  record(dependencies, run, 'logs', await dependencies.runFiles.discardLogs(run.id));
};

const discardWorktree: Act = async (dependencies, run) => {
  const { settings, now, runFiles } = dependencies;
  const { logsMs } = settings.retention;
  const endedAt = run.endedAt ?? now();
  const evenUnsaved = logsMs !== null && now().getTime() - endedAt.getTime() >= logsMs;
  const projectPath = projectPathOf(dependencies, run);
  if (projectPath === undefined) return;
  record(dependencies, run, 'worktree', await runFiles.discardWorktree({ run: run.id, projectPath, evenUnsaved }));
};

const discardBranch: Act = async (dependencies, run) => {
  const { store, runFiles, now } = dependencies;
  const branch = store.attempts.ofRun(run.id).findLast((attempt) => attempt.report?.workspace?.branch)?.report
    ?.workspace?.branch;
  const projectPath = projectPathOf(dependencies, run);
  if (projectPath === undefined) return;
  const became = branch == null ? 'absent' : await runFiles.discardBranch(projectPath, branch);
  store.change((change) => change.runFiles.lookedAtBranch(run.id, now()));
  record(dependencies, run, 'branch', became);
};

const measure: Act = async ({ store, runFiles }, run) => {
  const sizes = await runFiles.measure(run.id);
  store.change((change: Change) => change.runFiles.measured(run.id, sizes));
};

function record({ store, now }: PruneDependencies, run: Run, what: Remnant, became: Discarded): void {
  if (became === 'kept') return;
  store.change((change) => change.runFiles.gone(run.id, what, became === 'deleted' ? now() : null));
}

/** Where the run's project was when it worked. */
const projectPathOf = ({ store }: PruneDependencies, run: Run): string | undefined =>
  store.attempts.ofRun(run.id).at(-1)?.request.project.path;

async function expireRows(store: Store, what: Expiring, before: Date, signal: AbortSignal): Promise<void> {
  for (let deleted = rowsAtOnce; deleted === rowsAtOnce && !signal.aborted;) {
    await turn();
    deleted = store.change((change) => change.expiry.delete(what, before, rowsAtOnce));
  }
}
