import { and, asc, eq, inArray } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { attempts } from './schema.ts';

export type Attempt = typeof attempts.$inferSelect;
export type AttemptEnd = Partial<Omit<Attempt, 'id' | 'runId' | 'number' | 'request' | 'startedAt'>>;
export type AttemptQueries = ReturnType<typeof createAttemptQueries>;

export function createAttemptQueries(db: Db) {
  return {
    get: (id: string): Attempt | undefined => db.select().from(attempts).where(eq(attempts.id, id)).get(),
    /** In the order of their launch. */
    ofRun: (runId: number): Attempt[] =>
      db.select().from(attempts).where(eq(attempts.runId, runId)).orderBy(asc(attempts.number)).all(),
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
