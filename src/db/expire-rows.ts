import { sql, type SQL } from 'drizzle-orm';

import { expireWebThreads } from './expire-web.ts';
import type { Db } from './open-database.ts';

/** Tables whose rows are deleted some time after they have said what they had to. */
export type Expiring =
  | 'occurrences'
  | 'messages'
  | 'alerts'
  | 'holds'
  | 'audit'
  | 'views'
  | 'web_messages'
  | 'web_attachments';

export interface Expiry {
  /** Deletes at most `limit` rows that were over before `before`. Returns how many those were. */
  delete(what: Expiring, before: Date, limit: number): number;
}

export function createExpiry(db: Db): Expiry {
  return {
    delete(what, before, limit) {
      if (what === 'web_messages') return expireWebThreads(db, before, limit);
      const table = sql.identifier(what);
      return db.run(
        sql`DELETE FROM ${table} WHERE rowid IN (${findOver(what, before.getTime(), limit)} LIMIT ${limit})`,
      ).changes;
    },
  };
}

function findOver(what: Exclude<Expiring, 'web_messages'>, before: number, limit: number): SQL {
  switch (what) {
    case 'occurrences':
      return sql`SELECT rowid FROM occurrences WHERE state IN ('ran', 'skipped', 'missed') AND due_at < ${before}`;
    case 'messages':
      return sql`SELECT rowid FROM messages WHERE delivered_at < ${before}`;
    case 'alerts':
      return sql`SELECT rowid FROM alerts WHERE ended_at < ${before}`;
    case 'holds':
      return sql`SELECT rowid FROM holds WHERE ended_at < ${before}`;
    case 'views':
      // Those of jobs and runs stay as long as these: buttons and reactions find them by it.
      return sql`SELECT rowid FROM views
                 WHERE (key BETWEEN 'skipped:' AND 'skipped;' OR key BETWEEN 'missed:' AND 'missed;')
                   AND delivered_revision >= revision AND coalesce(edited_at, written_at) < ${before}`;
    case 'web_attachments':
      // Those of answers that one person was shown; the others go with their messages.
      return sql`SELECT rowid FROM web_attachments WHERE message IS NULL AND created_at < ${before}`;
    case 'audit':
      // It has no index of its own: the oldest rows come first, and only as many as may go are looked at.
      return sql`SELECT id FROM (SELECT id, at FROM audit ORDER BY id LIMIT ${limit}) WHERE at < ${before}`;
  }
}
