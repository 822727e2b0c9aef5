import { and, asc, eq, lte } from 'drizzle-orm';

import type { Control } from '../model/message.ts';
import type { Db } from './open-database.ts';
import { audit, inbox, reactions } from './schema.ts';

export type PendingReaction = typeof reactions.$inferSelect;
export type ReactionQueries = ReturnType<typeof createReactionQueries>;

export function createReactionQueries(db: Db) {
  const one = (runId: number, control: Control, person: string) =>
    and(eq(reactions.runId, runId), eq(reactions.control, control), eq(reactions.person, person));
  return {
    due: (now: Date): PendingReaction[] =>
      db.select().from(reactions).where(lte(reactions.actsAt, now)).orderBy(asc(reactions.id)).all(),
    ofRun: (runId: number): PendingReaction[] =>
      db.select().from(reactions).where(eq(reactions.runId, runId)).orderBy(asc(reactions.id)).all(),
    instants: (): Date[] =>
      db
        .select({ at: reactions.actsAt })
        .from(reactions)
        .all()
        .map((row) => row.at),
    insert(reaction: Omit<PendingReaction, 'id'>): void {
      db.insert(reactions).values(reaction).onConflictDoNothing().run();
    },
    /** Returns whether there was one to take back. */
    takeBack: (runId: number, control: Control, person: string): boolean =>
      db
        .delete(reactions)
        .where(one(runId, control, person))
        .run().changes > 0,
    delete(id: number): void {
      db.delete(reactions).where(eq(reactions.id, id)).run();
    },
  };
}

export type InboxQueries = ReturnType<typeof createInboxQueries>;

export function createInboxQueries(db: Db) {
  return {
    /** False where this event was received before. */
    receive: (eventId: string, receivedAt: Date): boolean =>
      db.insert(inbox).values({ eventId, receivedAt }).onConflictDoNothing().run().changes === 1,
    has: (eventId: string): boolean => db.select().from(inbox).where(eq(inbox.eventId, eventId)).get() !== undefined,
  };
}

export type AuditQueries = ReturnType<typeof createAuditQueries>;

export function createAuditQueries(db: Db) {
  return {
    list: () => db.select().from(audit).orderBy(asc(audit.id)).all(),
    write(entry: Omit<typeof audit.$inferInsert, 'id'>): void {
      db.insert(audit).values(entry).run();
    },
  };
}
