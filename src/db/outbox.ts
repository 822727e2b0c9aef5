import { and, asc, eq, gt, isNotNull, isNull, lt, placeholder, sql } from 'drizzle-orm';

import type { Message } from '../model/message.ts';
import type { Db } from './open-database.ts';
import { messages, views } from './schema.ts';

export type View = typeof views.$inferSelect;
export type OutboxMessage = typeof messages.$inferSelect;
export interface NewMessage {
  /** The same key is the same message: the second is not stored. */
  key: string;
  channel: string;
  threadOf?: string | undefined;
  body: Message;
  attachments?: { name: string; path: string }[];
  mention?: string | undefined;
}
type Kind = 'view' | 'message';
const tables = { view: views, message: messages } as const;

export type OutboxQueries = ReturnType<typeof createOutboxQueries>;

/** What people must be told, written in the same transaction as the change that it tells of. */
export function createOutboxQueries(db: Db) {
  const nextSequence = db.$client.prepare<[], { next: number }>(
    `SELECT 1 + max(coalesce((SELECT max(sequence) FROM messages), 0), coalesce((SELECT max(sequence) FROM views), 0)) AS next`,
  );
  const next = (): number => nextSequence.get()?.next ?? 1;
  // Much may wait for a channel that can't be reached: one row is read, and not what is shown by all of them.
  const isStale = and(eq(views.channel, placeholder('channel')), lt(views.deliveredRevision, views.revision));
  const firstUnposted = db
    .select()
    .from(views)
    .where(and(isStale, isNull(views.messageRef)))
    .orderBy(asc(views.sequence))
    .limit(1)
    .prepare();
  const firstEdit = db
    .select()
    .from(views)
    .where(and(isStale, isNotNull(views.messageRef), sql`${views.tryAt} <= ${placeholder('now')}`))
    .orderBy(asc(views.sequence))
    .limit(1)
    .prepare();
  const firstMessage = db
    .select()
    .from(messages)
    .where(and(eq(messages.channel, placeholder('channel')), isNull(messages.deliveredAt)))
    .orderBy(asc(messages.sequence))
    .limit(1)
    .prepare();
  // An answer to a reaction, say, is no news of how a run ended, nor is an edit of its message.
  const untoldRuns = db.$client
    .prepare<{ channel: string; before: string; after: string }, number>(
      `SELECT CAST(substr("key", 5) AS INTEGER) AS run FROM messages AS waiting
       WHERE channel = $channel AND delivered_at IS NULL AND ("key" GLOB 'run:*:result*' OR "key" GLOB 'run:*:notify*')
         AND NOT EXISTS (SELECT 1 FROM messages INDEXED BY messages_key
                         WHERE "key" = $before || CAST(substr(waiting."key", 5) AS INTEGER) || $after)
       GROUP BY run ORDER BY min(sequence)`,
    )
    .pluck();
  const waitingBesideRuns = db.$client
    .prepare<{ channel: string }, string>(
      `SELECT "key" FROM messages WHERE channel = $channel AND delivered_at IS NULL AND "key" NOT GLOB 'run:*'
       UNION ALL SELECT "key" FROM views
       WHERE channel = $channel AND delivered_revision < revision AND message_ref IS NULL AND "key" NOT GLOB 'run:*'`,
    )
    .pluck();
  return {
    /** The oldest view whose message is not there yet. */
    firstUnpostedView: (channel: string): View | undefined => firstUnposted.get({ channel }),
    /** The oldest view whose message is to be edited by `now`. */
    firstDueEdit: (channel: string, now: Date): View | undefined => firstEdit.get({ channel, now: now.getTime() }),
    firstUndeliveredMessage: (channel: string): OutboxMessage | undefined => firstMessage.get({ channel }),
    /** What is written from now on comes behind it. */
    lastSequence: (): number => next() - 1,
    /** Channels that something waits for. */
    waitingChannels(): string[] {
      const rows = db.all<{ channel: string }>(
        sql`SELECT channel FROM messages WHERE delivered_at IS NULL UNION SELECT channel FROM views WHERE delivered_revision < revision`,
      );
      return rows.map((row) => row.channel);
    },
    /** Channels to which something could not be sent so far, with the platform's last words. */
    failing: (): { channel: string; count: number; lastError: string | null }[] =>
      db.all(
        sql`SELECT channel, count(*) AS count, last_error AS lastError, max(failures) FROM (
              SELECT channel, last_error, failures FROM messages WHERE delivered_at IS NULL
              UNION ALL SELECT channel, last_error, failures FROM views WHERE delivered_revision < revision)
            GROUP BY channel HAVING max(failures) > 0 ORDER BY channel`,
      ),
    view: (key: string): View | undefined => db.select().from(views).where(eq(views.key, key)).get(),
    viewByMessageRef: (channel: string, ref: string): View | undefined =>
      db
        .select()
        .from(views)
        .where(and(eq(views.channel, channel), eq(views.messageRef, ref)))
        .get(),
    post(message: NewMessage, now: Date): void {
      db.insert(messages)
        .values({
          ...message,
          sequence: next(),
          threadOf: message.threadOf ?? null,
          mention: message.mention ?? null,
          attachments: message.attachments ?? [],
          writtenAt: now,
          tryAt: now,
        })
        .onConflictDoNothing()
        .run();
    },
    /** Writes what the message `key` is to show from now on. Returns when it may be sent at the earliest. */
    show(view: { key: string; channel: string; body: Message }, now: Date): Date {
      return db
        .insert(views)
        .values({ ...view, sequence: next(), revision: 1, writtenAt: now, tryAt: now })
        .onConflictDoUpdate({
          target: views.key,
          set: {
            body: view.body,
            revision: sql`${views.revision} + 1`,
            // What was edited in the future waits for nothing: the clock was set back since.
            tryAt: sql`CASE WHEN ${views.editedAt} > ${now.getTime()} THEN ${now.getTime()} ELSE ${views.tryAt} END`,
          },
        })
        .returning({ tryAt: views.tryAt })
        .get().tryAt;
    },
    /** The next edit is to be sent at `nextEditAt` at the earliest. */
    viewDelivered(key: string, revision: number, ref: string, at: Date, nextEditAt: Date): void {
      db.update(views)
        .set({
          messageRef: ref,
          deliveredRevision: revision,
          editedAt: at,
          noted: null,
          failures: 0,
          lastError: null,
          tryAt: nextEditAt,
        })
        .where(eq(views.key, key))
        .run();
    },
    /** The platform has no place for this view any more: what was written so far counts as told. */
    viewRefused(key: string, revision: number): void {
      db.update(views).set({ deliveredRevision: revision, lastError: 'refused' }).where(eq(views.key, key)).run();
    },
    /** `ref: null` where the platform refused it for good. */
    messageDelivered(key: string, ref: string | null, at: Date): void {
      db.update(messages)
        .set({ messageRef: ref, deliveredAt: at, noted: null, lastError: null })
        .where(eq(messages.key, key))
        .run();
    },
    /** The view's message was deleted: it is to be posted once more. */
    postAnew(key: string, now: Date): void {
      const fresh = { messageRef: null, noted: null, failures: 0, lastError: null };
      db.update(views)
        .set({ ...fresh, isPostedAnew: true, writtenAt: now, tryAt: now })
        .where(eq(views.key, key))
        .run();
    },
    /** What the platform wants to know at its next try. */
    note(kind: Kind, key: string, noted: string): void {
      const table = tables[kind];
      db.update(table).set({ noted }).where(eq(table.key, key)).run();
    },
    failed(kind: Kind, key: string, error: string, tryAt: Date): void {
      const table = tables[kind];
      db.update(table)
        .set({ failures: sql`${table.failures} + 1`, lastError: error, tryAt })
        .where(eq(table.key, key))
        .run();
    },
    /** Tries it no earlier; nothing failed. */
    postpone(kind: Kind, key: string, tryAt: Date): void {
      const table = tables[kind];
      db.update(table).set({ tryAt }).where(eq(table.key, key)).run();
    },
    /** Tries nothing in the channel earlier. */
    postponeChannel(channel: string, tryAt: Date): void {
      db.update(messages)
        .set({ tryAt })
        .where(and(eq(messages.channel, channel), isNull(messages.deliveredAt), lt(messages.tryAt, tryAt)))
        .run();
      db.update(views)
        .set({ tryAt })
        .where(and(eq(views.channel, channel), lt(views.deliveredRevision, views.revision), lt(views.tryAt, tryAt)))
        .run();
    },
    /** Tries everything that waits at once: what was wrong may have been mended since. */
    tryAllAt(now: Date): void {
      db.update(messages)
        .set({ tryAt: now })
        .where(and(isNull(messages.deliveredAt), gt(messages.tryAt, now)))
        .run();
      db.update(views)
        .set({ tryAt: now })
        .where(and(lt(views.deliveredRevision, views.revision), gt(views.tryAt, now)))
        .run();
    },
    /** Whether a message with this key was ever written. */
    isKnown: (key: string): boolean =>
      db.select({ key: messages.key }).from(messages).where(eq(messages.key, key)).get() !== undefined,
    /** Whether anything of this view or of its thread is still to be told. */
    hasUndelivered(viewKey: string): boolean {
      const row = db.get(
        sql`SELECT 1 FROM messages WHERE delivered_at IS NULL AND (thread_of = ${viewKey} OR key LIKE ${`${viewKey}:%`})
            UNION ALL SELECT 1 FROM views WHERE key = ${viewKey} AND delivered_revision < revision LIMIT 1`,
      );
      return row !== undefined;
    },
    /** Runs whose end waits to be told in the channel, oldest first, but those of which `before<id>after` was told. */
    untoldRuns: (channel: string, told: { before: string; after: string }): number[] =>
      untoldRuns.all({ channel, ...told }),
    /** The keys of what waits for the channel and is of no run: messages, and views whose message is not there yet. */
    waitingBesideRuns: (channel: string): string[] => waitingBesideRuns.all({ channel }),
    /** When something that waits is to be tried next. */
    tryInstants(): Date[] {
      const rows = db.all<{ at: number }>(
        sql`SELECT try_at AS at FROM messages WHERE delivered_at IS NULL UNION SELECT try_at FROM views WHERE delivered_revision < revision`,
      );
      return rows.map((row) => new Date(row.at));
    },
  };
}
