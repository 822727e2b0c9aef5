import { and, asc, desc, eq, inArray, isNotNull, lt, lte, placeholder } from 'drizzle-orm';

import { liveStatuses, type RunStatus } from '../model/run.ts';
import type { Db } from './open-database.ts';
import { runs } from './schema.ts';

export type Run = typeof runs.$inferSelect;
export type NewRun = Pick<Run, 'jobId' | 'spec' | 'trigger' | 'queuedAt'> &
  Partial<Pick<Run, 'dueAt' | 'requestedBy' | 'retryOf' | 'note'>>;
export type RunPatch = Partial<Omit<Run, 'id' | 'jobId' | 'spec' | 'trigger' | 'queuedAt'>>;
export interface RunFilter {
  jobId?: number | undefined;
  statuses?: readonly RunStatus[] | undefined;
  /** Only runs with a smaller number. */
  before?: number | undefined;
  limit: number;
}
export type RunQueries = ReturnType<typeof createRunQueries>;

export function createRunQueries(db: Db) {
  const byId = db
    .select()
    .from(runs)
    .where(eq(runs.id, placeholder('id')))
    .prepare();
  const byStatus = db
    .select()
    .from(runs)
    .where(eq(runs.status, placeholder('status')))
    .orderBy(asc(runs.queuedAt), asc(runs.id))
    .prepare();
  return {
    get: (id: number): Run | undefined => byId.get({ id }),
    /** Oldest first. */
    withStatus: (status: RunStatus): Run[] => byStatus.all({ status }),
    liveOfJob(jobId: number): Run[] {
      return db
        .select()
        .from(runs)
        .where(and(eq(runs.jobId, jobId), inArray(runs.status, [...liveStatuses])))
        .orderBy(asc(runs.id))
        .all();
    },
    liveRetryOf(runId: number): Run | undefined {
      return db
        .select()
        .from(runs)
        .where(and(eq(runs.retryOf, runId), inArray(runs.status, [...liveStatuses])))
        .get();
    },
    /** In the order in which they were asked for. */
    retriesOf: (runId: number): Run[] =>
      db.select().from(runs).where(eq(runs.retryOf, runId)).orderBy(asc(runs.id)).all(),
    latestOfJob(jobId: number): Run | undefined {
      return db.select().from(runs).where(eq(runs.jobId, jobId)).orderBy(desc(runs.id)).limit(1).get();
    },
    /** Newest first. */
    list(filter: RunFilter): Run[] {
      const wanted = [
        filter.jobId === undefined ? undefined : eq(runs.jobId, filter.jobId),
        filter.statuses === undefined ? undefined : inArray(runs.status, [...filter.statuses]),
        filter.before === undefined ? undefined : lt(runs.id, filter.before),
      ];
      return db
        .select()
        .from(runs)
        .where(and(...wanted))
        .orderBy(desc(runs.id))
        .limit(filter.limit)
        .all();
    },
    deferralEnded(now: Date): Run[] {
      return db
        .select()
        .from(runs)
        .where(and(eq(runs.status, 'deferred'), lte(runs.deferredUntil, now)))
        .all();
    },
    deferralEnds(): Date[] {
      const rows = db
        .select({ at: runs.deferredUntil })
        .from(runs)
        .where(and(eq(runs.status, 'deferred'), isNotNull(runs.deferredUntil)))
        .all();
      return rows.flatMap((row) => row.at ?? []);
    },
    insert(run: NewRun): Run {
      return db
        .insert(runs)
        .values({ ...run, status: 'queued' })
        .returning()
        .get();
    },
    update(id: number, patch: RunPatch): void {
      db.update(runs).set(patch).where(eq(runs.id, id)).run();
    },
  };
}
