import { and, asc, desc, eq, gt, gte, inArray, lt, lte, placeholder, sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { jobs, occurrences } from './schema.ts';

export interface Occurrence {
  jobId: number;
  dueAt: Date;
}
export type SettledState = 'ran' | 'skipped' | 'missed';
/** Occurrences of a job that did not run; `reason` is that of the latest. */
export interface NotRun {
  jobName: string;
  state: 'skipped' | 'missed';
  count: number;
  reason: string;
}
/** Occurrences of a job that ended alike. */
export interface Streak {
  count: number;
  first: Date | undefined;
  newest: Date[];
}
const newestOfStreak = 5;
export type OccurrenceQueries = ReturnType<typeof createOccurrenceQueries>;

// Written out, since SQLite uses a partial index for a literal alone, not for a parameter.
const isPlanned = sql`${occurrences.state} = 'planned'`;
const isNotRun = sql`${occurrences.state} in ('skipped', 'missed')`;

/** Each instant at which a job falls due is one row, planned at first and settled once. */
export function createOccurrenceQueries(db: Db) {
  const due = db
    .select({ jobId: occurrences.jobId, dueAt: occurrences.dueAt })
    .from(occurrences)
    .where(and(isPlanned, lte(occurrences.dueAt, placeholder('now'))))
    .orderBy(asc(occurrences.dueAt), asc(occurrences.jobId))
    .limit(placeholder('limit'))
    .prepare();
  // One statement for all of them: a row at a time, a month of minutes takes seconds.
  const settleAsMissed = db.$client.prepare<[number, string, number, string]>(
    `INSERT INTO occurrences (job_id, state, reason, settled_at, due_at)
     SELECT ?, 'missed', ?, ?, value FROM json_each(?) WHERE true
     ON CONFLICT (job_id, due_at) DO UPDATE
     SET state = excluded.state, reason = excluded.reason, settled_at = excluded.settled_at
     WHERE occurrences.state = 'planned'`,
  );
  const ofJob = (jobId: number) => eq(occurrences.jobId, jobId);
  const isSettled = sql`${occurrences.state} <> 'planned'`;
  return {
    /** Up to `limit` that are due and not settled, the longest due first. A job has one at most. */
    due: (now: Date, limit: number): Occurrence[] => due.all({ now: now.getTime(), limit }),
    planned(jobId: number): Date | undefined {
      const row = db
        .select({ dueAt: occurrences.dueAt })
        .from(occurrences)
        .where(and(eq(occurrences.jobId, jobId), isPlanned))
        .get();
      return row?.dueAt;
    },
    /** The first planned instant after `after`. */
    nextPlanned(after: Date): Date | undefined {
      return db
        .select({ dueAt: occurrences.dueAt })
        .from(occurrences)
        .where(and(eq(occurrences.state, 'planned'), gt(occurrences.dueAt, after)))
        .orderBy(asc(occurrences.dueAt))
        .limit(1)
        .get()?.dueAt;
    },
    /** The settled ones of a job, newest first. */
    settled(jobId: number, limit: number) {
      return db
        .select()
        .from(occurrences)
        .where(and(eq(occurrences.jobId, jobId), sql`${occurrences.state} <> 'planned'`))
        .orderBy(desc(occurrences.dueAt))
        .limit(limit)
        .all();
    },
    /** Those of a job that did not run, newest first; those that were due before `before` where it is given. */
    notRun(jobId: number, limit: number, before?: Date) {
      const earlier = before === undefined ? undefined : lt(occurrences.dueAt, before);
      return db
        .select()
        .from(occurrences)
        .where(and(ofJob(jobId), isNotRun, earlier))
        .orderBy(desc(occurrences.dueAt))
        .limit(limit)
        .all();
    },
    /** How many occurrences of each of a channel's jobs did not run, of those due after `from` and up to `to`. */
    notRunIn(channel: string, from: Date, to: Date): NotRun[] {
      const rows = db
        .select({
          jobName: jobs.name,
          state: occurrences.state,
          count: sql<number>`count(*)`,
          // The reason of the latest: SQLite takes it from the row that has the maximum.
          reason: occurrences.reason,
          lastDueAt: sql<number>`max(${occurrences.dueAt})`,
        })
        .from(occurrences)
        .innerJoin(jobs, eq(jobs.id, occurrences.jobId))
        .where(
          and(
            inArray(occurrences.state, ['skipped', 'missed']),
            gt(occurrences.dueAt, from),
            lte(occurrences.dueAt, to),
            eq(jobs.channel, channel),
          ),
        )
        .groupBy(jobs.id, occurrences.state)
        .orderBy(asc(jobs.name))
        .all();
      return rows.map(({ jobName, state, count, reason }) => ({
        jobName,
        state: state === 'missed' ? 'missed' : 'skipped',
        count,
        reason: reason ?? '',
      }));
    },
    /** Returns false where this instant of the job is known already, as after the clock was set back. */
    plan(occurrence: Occurrence): boolean {
      const result = db
        .insert(occurrences)
        .values({ ...occurrence, state: 'planned' })
        .onConflictDoNothing()
        .run();
      return result.changes === 1;
    },
    /** Settles a planned occurrence, or one that was never planned; one that is settled stays as it is: false. */
    settle(
      occurrence: Occurrence,
      state: SettledState,
      at: Date,
      more: { reason?: string; runId?: number } = {},
    ): boolean {
      const values = { state, settledAt: at, reason: more.reason ?? null, runId: more.runId ?? null };
      const result = db
        .insert(occurrences)
        .values({ ...occurrence, ...values })
        .onConflictDoUpdate({
          target: [occurrences.jobId, occurrences.dueAt],
          set: values,
          setWhere: isPlanned,
        })
        .run();
      return result.changes === 1;
    },
    /** The same for many that were missed. Returns how many of them were not settled before. */
    settleMissed(jobId: number, dueAt: readonly Date[], at: Date, reason: string): number {
      if (dueAt.length === 0) return 0;
      return settleAsMissed.run(jobId, reason, at.getTime(), JSON.stringify(dueAt.map((each) => each.getTime())))
        .changes;
    },
    /** Which instants of a job, from `from` to `to`, are settled. */
    settledIn(jobId: number, from: Date, to: Date): Date[] {
      const rows = db
        .select({ dueAt: occurrences.dueAt })
        .from(occurrences)
        .where(and(ofJob(jobId), isSettled, gte(occurrences.dueAt, from), lte(occurrences.dueAt, to)))
        .all();
      return rows.map((row) => row.dueAt);
    },
    /** The last one before `before` that ran. */
    lastRan(jobId: number, before: Date): Date | undefined {
      const row = db
        .select({ dueAt: occurrences.dueAt })
        .from(occurrences)
        .where(and(ofJob(jobId), eq(occurrences.state, 'ran'), lt(occurrences.dueAt, before)))
        .orderBy(desc(occurrences.dueAt))
        .limit(1)
        .get();
      return row?.dueAt;
    },
    /** Those of a job that ended as `state`, due after `after` and up to `to`: how many, the first, and the newest of them in order. */
    streak(jobId: number, state: NotRun['state'], { after, to }: { after: Date; to: Date }): Streak {
      const which = and(
        ofJob(jobId),
        eq(occurrences.state, state),
        gt(occurrences.dueAt, after),
        lte(occurrences.dueAt, to),
      );
      const all = db
        .select({ count: sql<number>`count(*)`, first: sql<number | null>`min(${occurrences.dueAt})` })
        .from(occurrences)
        .where(which)
        .get();
      const newest = db
        .select({ dueAt: occurrences.dueAt })
        .from(occurrences)
        .where(which)
        .orderBy(desc(occurrences.dueAt))
        .limit(newestOfStreak)
        .all();
      const first = all?.first == null ? undefined : new Date(all.first);
      return { count: all?.count ?? 0, first, newest: newest.map((row) => row.dueAt).reverse() };
    },
    /** Makes as if those due after `after` had not been missed: they are not due yet. */
    forgetMissed(jobId: number, after: Date): void {
      db.delete(occurrences)
        .where(and(ofJob(jobId), eq(occurrences.state, 'missed'), gt(occurrences.dueAt, after)))
        .run();
    },
    unplan(jobId: number): void {
      db.delete(occurrences)
        .where(and(eq(occurrences.jobId, jobId), isPlanned))
        .run();
    },
  };
}
