import { and, asc, eq, gt, lt, lte } from 'drizzle-orm';

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
    /** Returns whether it was there. */
    delete: (id: number): boolean => db.delete(reactions).where(eq(reactions.id, id)).run().changes > 0,
    putOff(id: number, actsAt: Date): void {
      db.update(reactions).set({ actsAt }).where(eq(reactions.id, id)).run();
    },
    /** Has all of them act at once: the clock was set back, and shows their time again much later. */
    actAllAt(now: Date): void {
      db.update(reactions).set({ actsAt: now }).where(gt(reactions.actsAt, now)).run();
    },
    /** Takes off what everybody put on the run and has not acted yet. */
    withdraw(runId: number, control: Control): void {
      db.delete(reactions)
        .where(and(eq(reactions.runId, runId), eq(reactions.control, control)))
        .run();
    },
  };
}

export type InboxQueries = ReturnType<typeof createInboxQueries>;

export function createInboxQueries(db: Db) {
  return {
    /** False where this event was received before. */
    receive: (eventId: string, receivedAt: Date): boolean =>
      db.insert(inbox).values({ eventId, receivedAt }).onConflictDoNothing().run().changes === 1,
    /** Forgets what came before `before`: no platform delivers an event again after days. */
    forget(before: Date): void {
      db.delete(inbox).where(lt(inbox.receivedAt, before)).run();
    },
  };
}

export type AuditQueries = ReturnType<typeof createAuditQueries>;

export function createAuditQueries(db: Db) {
  return {
    /** Oldest first. */
    list: () => db.select().from(audit).orderBy(asc(audit.id)).all(),
    write(entry: Omit<typeof audit.$inferInsert, 'id'>): void {
      db.insert(audit).values(entry).run();
    },
  };
}
