import { eq, lte } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { drafts } from './schema.ts';

export type Draft = typeof drafts.$inferSelect;
export type DraftQueries = ReturnType<typeof createDraftQueries>;

/** Refused commands that wait to be mended. */
export function createDraftQueries(db: Db) {
  return {
    get: (id: number): Draft | undefined => db.select().from(drafts).where(eq(drafts.id, id)).get(),
    expiries: (): Date[] =>
      db
        .select({ at: drafts.expiresAt })
        .from(drafts)
        .all()
        .map((row) => row.at),
    /** Returns the draft's id; that of the first one where the same event is delivered again. */
    insert(draft: Omit<Draft, 'id'>): number {
      db.insert(drafts).values(draft).onConflictDoNothing().run();
      const row = db.select({ id: drafts.id }).from(drafts).where(eq(drafts.eventId, draft.eventId)).get();
      if (row === undefined) throw new Error(`The draft of ${draft.eventId} was not kept`);
      return row.id;
    },
    delete(id: number): void {
      db.delete(drafts).where(eq(drafts.id, id)).run();
    },
    deleteExpired(now: Date): void {
      db.delete(drafts).where(lte(drafts.expiresAt, now)).run();
    },
  };
}
