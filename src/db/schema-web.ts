import { sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

import type { Message } from '../model/message.ts';

const instant = (name: string) => integer(name, { mode: 'timestamp_ms' });

/** Messages of the web chat. `author` is `bot` or a person: `web:ada`. */
export const webMessages = sqliteTable(
  'web_messages',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    channel: text('channel').notNull(),
    /** The message that this one answers in a thread. */
    thread: integer('thread').references((): AnySQLiteColumn => webMessages.id),
    /** The same key is the same message. */
    key: text('key').notNull(),
    author: text('author').notNull(),
    message: text('message', { mode: 'json' }).$type<Message>().notNull(),
    createdAt: instant('created_at').notNull(),
    editedAt: instant('edited_at'),
  },
  (table) => [
    uniqueIndex('web_messages_key').on(table.key),
    index('web_messages_channel').on(table.channel, table.thread, table.id),
    index('web_messages_thread').on(table.thread, table.id),
    // For what is old enough to go.
    index('web_messages_age')
      .on(table.createdAt)
      .where(sql`"thread" is null`),
  ],
);

/** What people put on messages; the bot's own are those that its buttons mean. */
export const webReactions = sqliteTable(
  'web_reactions',
  {
    message: integer('message')
      .notNull()
      .references(() => webMessages.id),
    emoji: text('emoji').notNull(),
    person: text('person').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.message, table.emoji, table.person] })],
);

/** Files of messages, and of answers that only `reader` sees (those have no message). */
export const webAttachments = sqliteTable(
  'web_attachments',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    message: integer('message').references(() => webMessages.id),
    reader: text('reader'),
    name: text('name').notNull(),
    /** An absolute path on the host. */
    path: text('path').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('web_attachments_message').on(table.message)],
);
