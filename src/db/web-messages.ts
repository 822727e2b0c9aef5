import { and, asc, desc, eq, inArray, isNull, lt, max, sql } from 'drizzle-orm';

import type { Message } from '../model/message.ts';
import type { Db } from './open-database.ts';
import { inbox } from './schema.ts';
import { webAttachments, webMessages, webReactions } from './schema-web.ts';

type MessageRow = typeof webMessages.$inferSelect;
type NewFile = Pick<typeof webAttachments.$inferSelect, 'name' | 'path' | 'sizeBytes'>;
type NewMessage = Omit<MessageRow, 'id' | 'editedAt'> & { attachments: NewFile[] };

interface MessageChange {
  message: Message;
  editedAt: Date;
  /** Emoji of which all reactions are taken off. */
  clear: string[];
}

interface Reaction {
  change: 'added' | 'removed';
  message: number;
  emoji: string;
  person: string;
  eventId: string;
  at: Date;
}

interface Page {
  before?: number | undefined;
  limit: number;
}

/** The web chat's store; its contract is `WebMessageStore` in src/bots/web/web-messages.ts. */
export function createWebMessageStore(db: Db) {
  const load = (rows: MessageRow[]) => loadMessages(db, rows);
  const newest = (where: ReturnType<typeof and>, page: Page) => {
    const before = page.before === undefined ? undefined : lt(webMessages.id, page.before);
    const rows = db
      .select()
      .from(webMessages)
      .where(and(where, before))
      .orderBy(desc(webMessages.id))
      .limit(page.limit);
    return load(rows.all().reverse());
  };
  return {
    insert: (message: NewMessage) => insertMessage(db, message),
    update: (id: number, change: MessageChange) => updateMessage(db, id, change),
    find: (id: number) => load(db.select().from(webMessages).where(eq(webMessages.id, id)).all())[0],
    listChannel: (channel: string, page: Page) =>
      newest(and(eq(webMessages.channel, channel), isNull(webMessages.thread)), page),
    listThread: (id: number, page: Page) => newest(eq(webMessages.thread, id), page),
    listChannels: () =>
      db
        .select({ channel: webMessages.channel, lastMessage: sql<number>`${max(webMessages.id)}` })
        .from(webMessages)
        .where(isNull(webMessages.thread))
        .groupBy(webMessages.channel)
        .all(),
    setReaction: (reaction: Reaction) => setReaction(db, reaction),
    undoReaction: (reaction: Reaction) => undoReaction(db, reaction),
    // In a transaction: alone, a row that is returned is handed out before it is committed, and a commit that fails says nothing.
    addPrivateFile: (reader: string, file: NewFile, at: Date): number =>
      db.transaction(
        (tx) =>
          tx
            .insert(webAttachments)
            .values({ ...file, reader, createdAt: at })
            .returning({ id: webAttachments.id })
            .get().id,
      ),
    findFile: (id: number) => db.select().from(webAttachments).where(eq(webAttachments.id, id)).get(),
  };
}

function insertMessage(db: Db, { attachments, ...message }: NewMessage): { id: number; isNew: boolean } {
  return db.transaction(
    (tx) => {
      const known = tx.select().from(webMessages).where(eq(webMessages.key, message.key)).get();
      if (known !== undefined) return { id: known.id, isNew: false };
      const { id } = tx.insert(webMessages).values(message).returning({ id: webMessages.id }).get();
      for (const file of attachments) {
        tx.insert(webAttachments)
          .values({ ...file, message: id, createdAt: message.createdAt })
          .run();
      }
      return { id, isNew: true };
    },
    { behavior: 'immediate' },
  );
}

/** The desk has the event under its own id; this is the page's part of it, forgotten after the same time. */
const inboxId = ({ eventId }: Reaction): string => `${eventId}:shown`;

function setReaction(db: Db, reaction: Reaction): 'set' | 'same' | 'known' {
  return db.transaction(
    (tx) => {
      const eventId = inboxId(reaction);
      if (tx.select().from(inbox).where(eq(inbox.eventId, eventId)).get() !== undefined) return 'known';
      if (!changeReaction(tx, reaction, reaction.change)) return 'same';
      tx.insert(inbox).values({ eventId, receivedAt: reaction.at }).run();
      return 'set';
    },
    { behavior: 'immediate' },
  );
}

function undoReaction(db: Db, reaction: Reaction): void {
  db.transaction(
    (tx) => {
      changeReaction(tx, reaction, reaction.change === 'added' ? 'removed' : 'added');
      tx.delete(inbox)
        .where(eq(inbox.eventId, inboxId(reaction)))
        .run();
    },
    { behavior: 'immediate' },
  );
}

/** Returns whether that made a difference. */
function changeReaction(
  tx: Pick<Db, 'insert' | 'delete'>,
  { message, emoji, person, at }: Reaction,
  change: Reaction['change'],
): boolean {
  const { changes } =
    change === 'added'
      ? tx.insert(webReactions).values({ message, emoji, person, createdAt: at }).onConflictDoNothing().run()
      : tx
          .delete(webReactions)
          .where(and(eq(webReactions.message, message), eq(webReactions.emoji, emoji), eq(webReactions.person, person)))
          .run();
  return changes === 1;
}

function updateMessage(db: Db, id: number, { clear, ...change }: MessageChange): void {
  db.transaction(
    (tx) => {
      tx.delete(webReactions)
        .where(and(eq(webReactions.message, id), inArray(webReactions.emoji, clear)))
        .run();
      tx.update(webMessages).set(change).where(eq(webMessages.id, id)).run();
    },
    { behavior: 'immediate' },
  );
}

function loadMessages(db: Db, rows: MessageRow[]) {
  const ids = rows.map((row) => row.id);
  const reactions = db
    .select()
    .from(webReactions)
    .where(inArray(webReactions.message, ids))
    .orderBy(asc(webReactions.createdAt), asc(webReactions.person))
    .all();
  const attachments = db.select().from(webAttachments).where(inArray(webAttachments.message, ids)).all();
  const replies = db
    .select({ thread: webMessages.thread, count: sql<number>`count(*)` })
    .from(webMessages)
    .where(inArray(webMessages.thread, ids))
    .groupBy(webMessages.thread)
    .all();
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    thread: row.thread,
    author: row.author,
    message: row.message,
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    reactions: reactions.filter(({ message }) => message === row.id).map(({ emoji, person }) => ({ emoji, person })),
    attachments: attachments
      .filter(({ message }) => message === row.id)
      .map(({ id, name, sizeBytes }) => ({ id, name, sizeBytes })),
    replies: replies.find(({ thread }) => thread === row.id)?.count ?? 0,
  }));
}
