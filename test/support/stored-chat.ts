import { renderText } from '../../src/bots/render-text.ts';
import type { Actor, Chat, Member, OutgoingMessage } from '../../src/bots/chat.ts';
import type { Message } from '../../src/model/message.ts';

export interface StoredChat extends Chat {
  /** What it was given, in order; an edit replaces the message. */
  posted: (OutgoingMessage & { ref: string })[];
  /** How often it was asked to post or edit, in vain too. */
  tries: number;
  /** What goes wrong: called before each post and edit, with the channel. */
  fail: (channel: string, what: { kind: 'post'; message: OutgoingMessage } | { kind: 'edit'; ref: string }) => unknown;
  /** People who are not as they were. */
  members: Map<string, Member>;
  /** It can't say who somebody is. */
  isDown: boolean;
  /** The texts in a channel. */
  texts(channel: string): string[];
  actor(person: string, more?: Partial<Actor>): Actor;
}

/** A chat of the platform `slack` that keeps what it gets. Its people and its troubles are the test's. */
export function createStoredChat(): StoredChat {
  let events = 0;
  const chat: StoredChat = {
    platform: 'slack',
    editIntervalMs: 0,
    posted: [],
    tries: 0,
    fail: () => undefined,
    members: new Map(),
    isDown: false,
    start: async () => {},
    stop: async () => {},
    async post(message) {
      meet(message.channel, { kind: 'post', message });
      const ref = String(chat.posted.length + 1);
      chat.posted.push({ ...message, ref });
      return ref;
    },
    async edit(ref, message: Message) {
      const known = chat.posted[Number(ref) - 1];
      if (known === undefined) throw new Error(`no message ${ref}`);
      meet(known.channel, { kind: 'edit', ref });
      known.message = message;
    },
    async identify(person) {
      if (chat.isDown) throw new Error('network');
      return chat.members.get(person) ?? { isGone: false };
    },
    texts: (channel) =>
      chat.posted
        .filter((message) => message.channel === channel)
        .map(({ message, mention }) => `${mention === undefined ? '' : `<${mention}> `}${renderText(message, 'UTC')}`),
    actor: (person, more = {}) => ({ person, channel: 'slack:C1', eventId: `event-${(events += 1)}`, ...more }),
  };
  const meet = (channel: string, what: Parameters<StoredChat['fail']>[1]): void => {
    chat.tries += 1;
    const error = chat.fail(channel, what);
    if (error !== undefined) throw error;
  };
  return chat;
}
