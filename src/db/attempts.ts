import { asc, count, eq } from 'drizzle-orm';

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
    /** How many were launched. */
    countOfRun: (runId: number): number =>
      db.select({ count: count() }).from(attempts).where(eq(attempts.runId, runId)).get()?.count ?? 0,
    insert(attempt: Pick<Attempt, 'id' | 'runId' | 'number' | 'request' | 'startedAt'>): void {
      db.insert(attempts).values(attempt).run();
    },
    end(id: string, end: AttemptEnd): void {
      db.update(attempts).set(end).where(eq(attempts.id, id)).run();
    },
  };
}
