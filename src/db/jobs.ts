import { and, asc, eq, gt, isNotNull, isNull, lte, placeholder, sql } from 'drizzle-orm';

import type { Job } from '../model/job.ts';
import type { Db } from './open-database.ts';
import { jobs } from './schema.ts';

export type NewJob = Omit<Job, 'id' | 'paused'>;
export type JobQueries = ReturnType<typeof createJobQueries>;

/** Jobs that are not deleted, unless said otherwise. The functions that change rows are for `change()` alone. */
export function createJobQueries(db: Db) {
  const byName = db
    .select()
    .from(jobs)
    .where(eq(jobs.name, placeholder('name')))
    .prepare();
  const live = isNull(jobs.deletedAt);
  return {
    /** Deleted ones too: their runs are still there to be read. */
    get(id: number): Job | undefined {
      const row = db.select().from(jobs).where(eq(jobs.id, id)).get();
      return row && toJob(row);
    },
    findByName(name: string): Job | undefined {
      const row = byName.get({ name });
      return row && toJob(row);
    },
    isDeleted(id: number): boolean {
      const row = db.select({ at: jobs.deletedAt }).from(jobs).where(eq(jobs.id, id)).get();
      return row === undefined || row.at !== null;
    },
    list(): Job[] {
      return db.select().from(jobs).where(live).orderBy(asc(jobs.name)).all().map(toJob);
    },
    /**
     * Up to `limit` of them by name, those behind the name `after` where it is given, with every word of `words` in their
     * name, goal, project or owner.
     */
    page({ after, words, limit }: { after?: string | undefined; words: readonly string[]; limit: number }): Job[] {
      const text = sql`${jobs.name} || ' ' || ${jobs.goal} || ' ' || ${jobs.project} || ' ' || ${jobs.owner}`;
      const has = words.map(
        (word) => sql`${text} LIKE ${`%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`} ESCAPE '\\'`,
      );
      const behind = after === undefined ? undefined : gt(jobs.name, after);
      return db
        .select()
        .from(jobs)
        .where(and(live, behind, ...has))
        .orderBy(asc(jobs.name))
        .limit(limit)
        .all()
        .map(toJob);
    },
    /** Up to `limit` of those with a schedule and no pause, in the order of their ids, behind the id `after`. */
    scheduled(after: number, limit: number): Job[] {
      return db
        .select()
        .from(jobs)
        .where(and(live, gt(jobs.id, after), isNotNull(jobs.schedule), eq(jobs.isPaused, false)))
        .orderBy(asc(jobs.id))
        .limit(limit)
        .all()
        .map(toJob);
    },
    /** Jobs whose pause ends at or before `now`. */
    pauseEnded(now: Date): Job[] {
      return db
        .select()
        .from(jobs)
        .where(and(live, lte(jobs.pausedUntil, now)))
        .all()
        .map(toJob);
    },
    pauseEnds(): Date[] {
      const rows = db
        .select({ at: jobs.pausedUntil })
        .from(jobs)
        .where(and(live, isNotNull(jobs.pausedUntil)))
        .all();
      return rows.flatMap((row) => row.at ?? []);
    },
    insert(job: NewJob): number {
      return db.insert(jobs).values(job).returning({ id: jobs.id }).get().id;
    },
    /** What is left out stays. */
    update(
      id: number,
      changes: Partial<
        Pick<Job, 'name' | 'goal' | 'project' | 'checks' | 'schedule' | 'settings' | 'owner' | 'scheduledBy'>
      >,
    ): void {
      db.update(jobs).set(changes).where(eq(jobs.id, id)).run();
    },
    setPaused(id: number, paused: Job['paused']): void {
      db.update(jobs)
        .set({ isPaused: paused !== null, pausedUntil: paused?.until ?? null })
        .where(eq(jobs.id, id))
        .run();
    },
    /** Frees the name for another job. */
    markDeleted(job: Job, at: Date): void {
      db.update(jobs)
        .set({ deletedAt: at, name: `${job.name}~${job.id}` })
        .where(eq(jobs.id, job.id))
        .run();
    },
  };
}

function toJob(row: typeof jobs.$inferSelect): Job {
  const { isPaused, pausedUntil, deletedAt: _, ...job } = row;
  return { ...job, paused: isPaused ? { until: pausedUntil } : null };
}
