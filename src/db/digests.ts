import { notInArray } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { digests } from './schema.ts';

export type Digest = typeof digests.$inferSelect;
export type DigestQueries = ReturnType<typeof createDigestQueries>;

export function createDigestQueries(db: Db) {
  return {
    all: (): Digest[] => db.select().from(digests).all(),
    instants: (): Date[] =>
      db
        .select({ at: digests.dueAt })
        .from(digests)
        .all()
        .map((row) => row.at),
    /** Sets when the channel's next digest is due, and how far the last one reached, where that is given. */
    plan(channel: string, dueAt: Date, toldUntil?: Date): void {
      const set = { dueAt, ...(toldUntil === undefined ? {} : { toldUntil }) };
      db.insert(digests)
        .values({ channel, ...set })
        .onConflictDoUpdate({ target: digests.channel, set })
        .run();
    },
    /** Forgets the channels that get none any more. */
    keepOnly(channels: string[]): void {
      db.delete(digests).where(notInArray(digests.channel, channels)).run();
    },
  };
}
