import { and, asc, desc, eq, gt, inArray, lt, lte, placeholder, sql } from 'drizzle-orm';

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
export type OccurrenceQueries = ReturnType<typeof createOccurrenceQueries>;

// Written out, since SQLite uses a partial index for a literal alone, not for a parameter.
const isPlanned = sql`${occurrences.state} = 'planned'`;

/** Each instant at which a job falls due is one row, planned at first and settled once. */
export function createOccurrenceQueries(db: Db) {
  const due = db
    .select({ jobId: occurrences.jobId, dueAt: occurrences.dueAt })
    .from(occurrences)
    .where(and(isPlanned, lte(occurrences.dueAt, placeholder('now'))))
    .orderBy(asc(occurrences.dueAt), asc(occurrences.jobId))
    .prepare();
  const key = (occurrence: Occurrence) =>
    and(eq(occurrences.jobId, occurrence.jobId), eq(occurrences.dueAt, occurrence.dueAt));
  return {
    due: (now: Date): Occurrence[] => due.all({ now: now.getTime() }),
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
    /** The settled ones of a job, newest first; those that were due before `before` where it is given. */
    settled(jobId: number, limit: number, before?: Date) {
      const earlier = before === undefined ? undefined : lt(occurrences.dueAt, before);
      return db
        .select()
        .from(occurrences)
        .where(and(eq(occurrences.jobId, jobId), sql`${occurrences.state} <> 'planned'`, earlier))
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
    isSettled(occurrence: Occurrence): boolean {
      const row = db.select({ state: occurrences.state }).from(occurrences).where(key(occurrence)).get();
      return row !== undefined && row.state !== 'planned';
    },
    unplan(jobId: number): void {
      db.delete(occurrences)
        .where(and(eq(occurrences.jobId, jobId), isPlanned))
        .run();
    },
  };
}
