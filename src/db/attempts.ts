import { and, asc, eq, inArray, placeholder, sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { attempts } from './schema.ts';

export type Attempt = typeof attempts.$inferSelect;
export type AttemptEnd = Partial<Omit<Attempt, 'id' | 'runId' | 'number' | 'request' | 'startedAt'>>;
export type AttemptQueries = ReturnType<typeof createAttemptQueries>;

export function createAttemptQueries(db: Db) {
  const count = db
    .select({ count: sql<number>`count(*)` })
    .from(attempts)
    .where(eq(attempts.runId, placeholder('runId')))
    .prepare();
  const attemptOf = (id: string): Attempt | undefined => db.select().from(attempts).where(eq(attempts.id, id)).get();
  // Rows are in the order of their launch: of two runs the earlier one may have waited, and begin its next attempt later. Of the
  // newest the numbers are read from an index, since a report is long.
  const lastEnded = db.$client
    .prepare<[string], string>(
      `SELECT id FROM attempts
       WHERE rowid IN (SELECT rowid FROM attempts
                       WHERE run_id IN (SELECT id FROM runs WHERE project = ? ORDER BY id DESC LIMIT 100)
                       ORDER BY rowid DESC LIMIT 20)
         AND ended_at IS NOT NULL
       ORDER BY rowid DESC LIMIT 1`,
    )
    .pluck();
  return {
    get: attemptOf,
    /** In the order of their launch. */
    ofRun: (runId: number): Attempt[] =>
      db.select().from(attempts).where(eq(attempts.runId, runId)).orderBy(asc(attempts.number)).all(),
    count: (runId: number): number => count.get({ runId })?.count ?? 0,
    /** The attempt that began last of those that have ended in the project. */
    lastInProject(project: string): Attempt | undefined {
      const id = lastEnded.get(project);
      return id === undefined ? undefined : attemptOf(id);
    },
    /** Whether any attempt of these runs worked on a subscription, where nobody is billed the cost. */
    hasSubscription: (runIds: number[]): boolean =>
      db
        .select({ id: attempts.id })
        .from(attempts)
        .where(and(inArray(attempts.runId, runIds), eq(attempts.keySource, 'none')))
        .limit(1)
        .get() !== undefined,
    insert(attempt: Pick<Attempt, 'id' | 'runId' | 'number' | 'request' | 'startedAt'>): void {
      db.insert(attempts).values(attempt).run();
    },
    /** Somebody has looked at what its processes left. */
    treeLookedAt(id: string): void {
      const report = sql`json_set(${attempts.report}, '$.treeProven', json('true'))`;
      db.update(attempts).set({ report }).where(eq(attempts.id, id)).run();
    },
    end(id: string, end: AttemptEnd): void {
      db.update(attempts).set(end).where(eq(attempts.id, id)).run();
    },
  };
}
