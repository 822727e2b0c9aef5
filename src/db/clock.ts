import type { Db } from './open-database.ts';
import { clock } from './schema.ts';

export type ClockQueries = ReturnType<typeof createClockQueries>;
type Mark = Omit<typeof clock.$inferSelect, 'id'>;

/** What the store knows of the time on its host. */
export function createClockQueries(db: Db) {
  const read = db.select().from(clock).prepare();
  return {
    read: (): Mark | undefined => read.get(),
    write(mark: Mark): void {
      db.insert(clock)
        .values({ id: 1, ...mark })
        .onConflictDoUpdate({ target: clock.id, set: mark })
        .run();
    },
  };
}
