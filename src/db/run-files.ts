import { and, asc, eq, gt, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { runFiles, runs } from './schema.ts';

export type RunFilesRow = typeof runFiles.$inferSelect;
/** What a run leaves behind. */
export type Remnant = 'logs' | 'worktree' | 'branch';
export type RunFilesQueries = ReturnType<typeof createRunFilesQueries>;

interface Page {
  /** Runs with a larger number only. */
  after: number;
  limit: number;
}

const there = { logs: runFiles.hasLogs, worktree: runFiles.hasWorktree, branch: runFiles.hasBranch } as const;

// Written out, since SQLite uses a partial index for a literal alone, not for a parameter.
const isThere = (what: Remnant) => sql`${there[what]} = 1`;

/** Which runs have files, and what of them was deleted when. A run without a row never had any. */
export function createRunFilesQueries(db: Db) {
  const ended = (condition: ReturnType<typeof and>, { after, limit }: Page): RunFilesRow[] =>
    db
      .select({ row: runFiles })
      .from(runFiles)
      .innerJoin(runs, eq(runs.id, runFiles.runId))
      .where(and(condition, isNotNull(runs.endedAt), gt(runFiles.runId, after)))
      .orderBy(asc(runFiles.runId))
      .limit(limit)
      .all()
      .map(({ row }) => row);
  return {
    get: (runId: number): RunFilesRow | undefined => db.select().from(runFiles).where(eq(runFiles.runId, runId)).get(),
    /** An attempt of the run begins: what it leaves may have to be deleted one day. */
    begin(runId: number, { hasWorktree }: { hasWorktree: boolean }): void {
      db.insert(runFiles).values({ runId, hasWorktree, hasBranch: hasWorktree }).onConflictDoNothing().run();
    },
    /** Runs that ended before `before` and still have `what`, oldest first. */
    endedBefore: (what: Remnant, before: Date, page: Page): RunFilesRow[] =>
      ended(and(isThere(what), lt(runs.endedAt, before)), page),
    /** Branches of runs that ended before `before` and were not looked at since `lookedBefore`. */
    branchesToLookAt: (before: Date, lookedBefore: Date, page: Page): RunFilesRow[] =>
      ended(
        and(
          isThere('branch'),
          lt(runs.endedAt, before),
          or(isNull(runFiles.branchLookedAt), lte(runFiles.branchLookedAt, lookedBefore)),
        ),
        page,
      ),
    /** Runs that have ended and whose files were not measured since, oldest first. */
    unmeasured: (page: Page): RunFilesRow[] => ended(and(isThere('logs'), isNull(runFiles.logsBytes)), page),
    /** What the files of runs take that were measured. */
    totalBytes(): number {
      const row = db
        .select({
          logs: sql<number>`coalesce(sum(${runFiles.logsBytes}), 0)`,
          worktrees: sql<number>`coalesce(sum(${runFiles.worktreeBytes}), 0)`,
        })
        .from(runFiles)
        .where(or(isThere('logs'), isThere('worktree')))
        .get();
      return (row?.logs ?? 0) + (row?.worktrees ?? 0);
    },
    measured(runId: number, sizes: { logsBytes: number; worktreeBytes: number }): void {
      db.update(runFiles).set(sizes).where(eq(runFiles.runId, runId)).run();
    },
    lookedAtBranch(runId: number, at: Date): void {
      db.update(runFiles).set({ branchLookedAt: at }).where(eq(runFiles.runId, runId)).run();
    },
    /** It is gone: by us `at`, or it was never there (`null`). */
    gone(runId: number, what: Remnant, at: Date | null): void {
      const set = {
        logs: { hasLogs: false, logsBytes: null, logsDeletedAt: at },
        worktree: { hasWorktree: false, worktreeBytes: 0, worktreeDeletedAt: at },
        branch: { hasBranch: false, branchDeletedAt: at },
      }[what];
      db.update(runFiles).set(set).where(eq(runFiles.runId, runId)).run();
    },
  };
}
