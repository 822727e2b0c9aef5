import { and, asc, desc, eq, isNull, lte } from 'drizzle-orm';

import type { HoldCause, HoldTerm } from '../model/hold.ts';
import type { Db } from './open-database.ts';
import { holds } from './schema.ts';

export type Hold = typeof holds.$inferSelect;
export type HoldQueries = ReturnType<typeof createHoldQueries>;

export function createHoldQueries(db: Db) {
  const isActive = isNull(holds.endedAt);
  return {
    /** Those that have not ended, oldest first. */
    active: (): Hold[] => db.select().from(holds).where(isActive).orderBy(asc(holds.id)).all(),
    /** When those that end by themselves do so. */
    ends(): Date[] {
      const rows = db.select({ at: holds.until }).from(holds).where(isActive).all();
      return rows.flatMap((row) => row.at ?? []);
    },
    due: (now: Date): Hold[] =>
      db
        .select()
        .from(holds)
        .where(and(isActive, lte(holds.until, now)))
        .all(),
    latest: (cause: HoldCause): Hold | undefined =>
      db.select().from(holds).where(eq(holds.cause, cause)).orderBy(desc(holds.id)).limit(1).get(),
    insert: (hold: Omit<Hold, 'id' | 'endedAt'>): Hold => db.insert(holds).values(hold).returning().get(),
    /** Gives it another end; one that had ended goes on. */
    extend(id: number, term: HoldTerm): void {
      db.update(holds)
        .set({ until: term.until, isUntilKnown: term.isKnown, endedAt: null })
        .where(eq(holds.id, id))
        .run();
    },
    end(id: number, at: Date): void {
      db.update(holds).set({ endedAt: at }).where(eq(holds.id, id)).run();
    },
  };
}
