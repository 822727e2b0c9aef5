import { and, asc, desc, eq, gt, inArray, isNotNull, lt, lte, placeholder, sql } from 'drizzle-orm';

import { liveStatuses, type RunStatus } from '../model/run.ts';
import type { Db } from './open-database.ts';
import { runs } from './schema.ts';

export type Run = typeof runs.$inferSelect;
export type NewRun = Pick<Run, 'jobId' | 'spec' | 'trigger' | 'queuedAt'> &
  Partial<Pick<Run, 'dueAt' | 'requestedBy' | 'retryOf' | 'note' | 'waitsForOlder'>>;
export type RunPatch = Partial<Omit<Run, 'id' | 'jobId' | 'spec' | 'trigger' | 'queuedAt'>>;
export interface RunFilter {
  jobId?: number | undefined;
  /** Of these projects only. */
  projects?: readonly string[] | undefined;
  statuses?: readonly RunStatus[] | undefined;
  /** Only runs with a smaller number. */
  before?: number | undefined;
  limit: number;
}
// Written out, since SQLite uses a partial index for a literal alone, not for a parameter.
const isLive = sql`${runs.status} in (${sql.raw(liveStatuses.map((status) => `'${status}'`).join(', '))})`;

export type RunQueries = ReturnType<typeof createRunQueries>;

const isOfChannel = (channel: string) => sql`json_extract(${runs.spec}, '$.channel') = ${channel}`;

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
  // SQLite's own row for the table: it goes up with each run, and never down.
  const lastGiven = db.$client.prepare<[], number>(`SELECT seq FROM sqlite_sequence WHERE name = 'runs'`).pluck();
  return {
    get: (id: number): Run | undefined => byId.get({ id }),
    /** Whether the number was given to a run that is not there any more. */
    isGone: (id: number): boolean => id >= 1 && id <= (lastGiven.get() ?? 0) && byId.get({ id }) === undefined,
    /** Oldest first. */
    withStatus: (status: RunStatus): Run[] => byStatus.all({ status }),
    liveOfJob(jobId: number): Run[] {
      return db
        .select()
        .from(runs)
        .where(and(eq(runs.jobId, jobId), isLive))
        .orderBy(asc(runs.id))
        .all();
    },
    liveRetryOf(runId: number): Run | undefined {
      return db
        .select()
        .from(runs)
        .where(and(eq(runs.retryOf, runId), isLive))
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
        filter.projects === undefined ? undefined : inArray(runs.project, [...filter.projects]),
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
    /** Runs of a channel's jobs that ended after `from` and up to `to`. */
    endedIn(channel: string, from: Date, to: Date): Run[] {
      return db
        .select()
        .from(runs)
        .where(and(gt(runs.endedAt, from), lte(runs.endedAt, to), isOfChannel(channel)))
        .orderBy(asc(runs.id))
        .all();
    },
    liveIn(channel: string): Run[] {
      return db
        .select()
        .from(runs)
        .where(and(inArray(runs.status, [...liveStatuses]), isOfChannel(channel)))
        .orderBy(asc(runs.id))
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
        .values({ ...run, project: run.spec.project, status: 'queued' })
        .returning()
        .get();
    },
    update(id: number, patch: RunPatch): void {
      db.update(runs).set(patch).where(eq(runs.id, id)).run();
    },
  };
}
