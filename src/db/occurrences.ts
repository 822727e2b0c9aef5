import { and, asc, desc, eq, gt, lte, placeholder, sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { occurrences } from './schema.ts';

export interface Occurrence {
  jobId: number;
  dueAt: Date;
}
export type SettledState = 'ran' | 'skipped' | 'missed';
export type OccurrenceQueries = ReturnType<typeof createOccurrenceQueries>;

/** Each instant at which a job falls due is one row, planned at first and settled once. */
export function createOccurrenceQueries(db: Db) {
  const due = db
    .select({ jobId: occurrences.jobId, dueAt: occurrences.dueAt })
    .from(occurrences)
    .where(and(eq(occurrences.state, 'planned'), lte(occurrences.dueAt, placeholder('now'))))
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
        .where(and(eq(occurrences.jobId, jobId), eq(occurrences.state, 'planned')))
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
          setWhere: eq(occurrences.state, 'planned'),
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
        .where(and(eq(occurrences.jobId, jobId), eq(occurrences.state, 'planned')))
        .run();
    },
  };
}
