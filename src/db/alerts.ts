import { and, asc, eq, isNull, sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';
import { alerts } from './schema.ts';

export type Alert = typeof alerts.$inferSelect;
export type AlertQueries = ReturnType<typeof createAlertQueries>;

export function createAlertQueries(db: Db) {
  const isActive = isNull(alerts.endedAt);
  return {
    /** Those that have not ended, oldest first. */
    active: (): Alert[] => db.select().from(alerts).where(isActive).orderBy(asc(alerts.id)).all(),
    find: (key: string): Alert | undefined =>
      db
        .select()
        .from(alerts)
        .where(and(isActive, eq(alerts.key, key)))
        .get(),
    insert: (key: string, since: Date): Alert => db.insert(alerts).values({ key, since }).returning().get(),
    told(id: number, channel: string): void {
      db.update(alerts).set({ channel }).where(eq(alerts.id, id)).run();
    },
    /** The clock was set back by `byMs`, to `now`: each has lasted as long as before. */
    setBack(byMs: number, now: Date): void {
      const since = sql`min(${alerts.since} - ${byMs}, ${now.getTime()})`;
      db.update(alerts).set({ since }).where(isActive).run();
    },
    end(id: number, at: Date): void {
      db.update(alerts).set({ endedAt: at }).where(eq(alerts.id, id)).run();
    },
  };
}
