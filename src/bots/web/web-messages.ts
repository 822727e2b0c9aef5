import type { Message } from '../../model/message.ts';

/** A message as the web chat keeps it. */
export interface WebMessage {
  id: number;
  /** `web:general`. */
  channel: string;
  /** The message in whose thread this one is. */
  thread: number | null;
  /** `bot`, or a person: `web:ada`. */
  author: string;
  message: Message;
  /** What people put on it, oldest first. */
  reactions: { emoji: string; person: string }[];
  attachments: { id: number; name: string; sizeBytes: number }[];
  /** How many messages are in its thread. */
  replies: number;
  createdAt: Date;
  editedAt: Date | null;
}

export interface NewWebMessage {
  key: string;
  channel: string;
  thread: number | null;
  author: string;
  message: Message;
  attachments: WebFile[];
  createdAt: Date;
}

export interface WebFile {
  name: string;
  /** An absolute path on the host. */
  path: string;
  sizeBytes: number;
}

export interface WebReaction {
  change: 'added' | 'removed';
  message: number;
  emoji: string;
  person: string;
  /** The same one again is the same click. */
  eventId: string;
  at: Date;
}

/** Up to `limit` messages, the newest ones before the message `before` where it is given. */
export interface WebPage {
  before?: number | undefined;
  limit: number;
}

/** Where the web chat keeps its messages. All calls are synchronous; each write is one transaction. */
export interface WebMessageStore {
  /** Keeps a message once per key; a key that is known changes nothing. */
  insert(message: NewWebMessage): { id: number; isNew: boolean };
  /** Replaces the text, and takes off everybody's reactions with an emoji of `clear`. */
  update(id: number, change: { message: Message; editedAt: Date; clear: string[] }): void;
  find(id: number): WebMessage | undefined;
  /** Messages outside of threads, oldest first. */
  listChannel(channel: string, page: WebPage): WebMessage[];
  /** The messages in the thread of `id`, without that one, oldest first. */
  listThread(id: number, page: WebPage): WebMessage[];
  /** Channels with messages, and the newest message outside of threads in each. */
  listChannels(): { channel: string; lastMessage: number }[];
  /** Puts a reaction on a message or takes it off, once for each event: `known` is one that did so before. */
  setReaction(reaction: WebReaction): 'set' | 'same' | 'known';
  /** Undoes that, and forgets the event. */
  undoReaction(reaction: WebReaction): void;
  /** Keeps a file of an answer that only `reader` may read; returns its id. */
  addPrivateFile(reader: string, file: WebFile, at: Date): number;
  /** `reader: null` is a file that everybody here may read. */
  findFile(id: number): (WebFile & { reader: string | null }) | undefined;
}
