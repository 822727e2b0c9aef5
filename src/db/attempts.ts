import { and, asc, desc, eq, inArray, isNotNull, placeholder, sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { attempts, runs } from './schema.ts';

export type Attempt = typeof attempts.$inferSelect;
export type AttemptEnd = Partial<Omit<Attempt, 'id' | 'runId' | 'number' | 'request' | 'startedAt'>>;
export type AttemptQueries = ReturnType<typeof createAttemptQueries>;

export function createAttemptQueries(db: Db) {
  const count = db
    .select({ count: sql<number>`count(*)` })
    .from(attempts)
    .where(eq(attempts.runId, placeholder('runId')))
    .prepare();
  return {
    get: (id: string): Attempt | undefined => db.select().from(attempts).where(eq(attempts.id, id)).get(),
    /** In the order of their launch. */
    ofRun: (runId: number): Attempt[] =>
      db.select().from(attempts).where(eq(attempts.runId, runId)).orderBy(asc(attempts.number)).all(),
    count: (runId: number): number => count.get({ runId })?.count ?? 0,
    /** The attempt of the project that ended last. */
    lastInProject(project: string): Attempt | undefined {
      const row = db
        .select({ attempt: attempts })
        .from(attempts)
        .innerJoin(runs, eq(runs.id, attempts.runId))
        .where(and(eq(runs.project, project), isNotNull(attempts.endedAt)))
        .orderBy(desc(attempts.runId), desc(attempts.number))
        .limit(1)
        .get();
      return row?.attempt;
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
    end(id: string, end: AttemptEnd): void {
      db.update(attempts).set(end).where(eq(attempts.id, id)).run();
    },
  };
}
