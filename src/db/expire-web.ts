import { sql } from 'drizzle-orm';

import type { Db } from './open-database.ts';

/**
 * Deletes at most `limit` threads of the web chat in which nothing was written or edited since `before`, with their reactions and
 * files. One stays whose message the bot still edits, or whose story is not all told: that of a job that is there, of a run that has
 * not ended by then, of one that a live run retries. Returns how many went.
 */
export function expireWebThreads(db: Db, before: Date, limit: number): number {
  const roots = findOver(db, before.getTime(), limit);
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(roots)}))`;
  const thread = sql`(SELECT value FROM json_each(${JSON.stringify(roots)})
                      UNION ALL SELECT id FROM web_messages WHERE thread IN ${ids})`;
  db.run(sql`DELETE FROM web_reactions WHERE message IN ${thread}`);
  db.run(sql`DELETE FROM web_attachments WHERE message IN ${thread}`);
  // Should a view have more to say, it is a new message.
  db.run(sql`UPDATE views SET message_ref = NULL
             WHERE message_ref IN (SELECT CAST(value AS TEXT) FROM json_each(${JSON.stringify(roots)})) AND channel LIKE 'web:%'`);
  db.run(sql`DELETE FROM web_messages WHERE thread IN ${ids}`);
  db.run(sql`DELETE FROM web_messages WHERE id IN ${ids}`);
  return roots.length;
}

/** The oldest first. By itself SQLite would look at all threads, and sort them. */
function findOver(db: Db, at: number, limit: number): number[] {
  const runOfView = sql`CASE WHEN views.key LIKE 'run:%' THEN CAST(substr(views.key, 5) AS INTEGER) END`;
  const jobOfView = sql`CASE WHEN views.key LIKE 'job:%' THEN CAST(substr(views.key, 5) AS INTEGER) END`;
  const rows = db.all<{ id: number }>(sql`
    SELECT root.id FROM web_messages AS root INDEXED BY web_messages_age
    WHERE root.thread IS NULL AND root.created_at < ${at} AND coalesce(root.edited_at, 0) < ${at}
      AND NOT EXISTS (SELECT 1 FROM web_messages AS answer
                      WHERE answer.thread = root.id AND max(answer.created_at, coalesce(answer.edited_at, 0)) >= ${at})
      AND NOT EXISTS (
        SELECT 1 FROM views WHERE views.message_ref = CAST(root.id AS TEXT) AND views.channel = root.channel AND (
          delivered_revision < revision
          OR EXISTS (SELECT 1 FROM messages WHERE thread_of = views.key AND delivered_at IS NULL)
          OR EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ${jobOfView} AND deleted_at IS NULL)
          OR EXISTS (SELECT 1 FROM runs WHERE runs.id = ${runOfView} AND coalesce(ended_at, ${at}) >= ${at})
          OR EXISTS (SELECT 1 FROM runs WHERE runs.retry_of = ${runOfView} AND ended_at IS NULL)))
    ORDER BY root.created_at LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}
