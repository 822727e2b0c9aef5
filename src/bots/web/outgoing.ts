import { controlsIn, type Message } from '../../model/message.ts';
import { ChatRefusal } from '../chat-refusal.ts';
import type { Chat, OutgoingMessage } from '../chat.ts';
import { withMention } from '../with-mention.ts';
import { controlEmoji } from '../control-emoji.ts';
import { measureFile } from './measure-file.ts';
import type { WebChange } from './web-change.ts';
import type { WebMessage, WebMessageStore } from './web-messages.ts';

export interface WebEdges {
  messages: WebMessageStore;
  now: () => Date;
  /** Tells those who look at the page. */
  emit: (kind: WebChange['kind'], message: number) => void;
}

/** The way out: what the bot posts and edits. */
export function createOutgoing(edges: WebEdges): Pick<Chat, 'post' | 'edit'> {
  const { messages, now, emit } = edges;
  return {
    async post({ key, channel, thread, message, attachments, mention }: OutgoingMessage) {
      const parent = thread === undefined ? null : getMessage(messages, thread).id;
      const shown = mention === undefined ? message : withMention(message, mention);
      const { id, isNew } = messages.insert({
        key: `bot:${key}`,
        channel,
        thread: parent,
        author: 'bot',
        message: shown,
        attachments: await Promise.all(attachments.map(measureFile)),
        createdAt: now(),
      });
      if (isNew) emit('added', id);
      else edit(edges, getMessage(messages, String(id)), shown);
      // The parent shows how many answers it has.
      if (isNew && parent !== null) emit('reactions', parent);
      return String(id);
    },
    async edit(ref, message) {
      edit(edges, getMessage(messages, ref), message);
    },
  };
}

function edit({ messages, now, emit }: WebEdges, before: WebMessage, message: Message): void {
  if (isSame(before.message, message)) return;
  const offeredBefore = controlsIn(before.message);
  const offered = controlsIn(message).filter((control) => !offeredBefore.includes(control));
  const clear = offered.map((control) => controlEmoji[control]);
  messages.update(before.id, { message, editedAt: now(), clear });
  emit('edited', before.id);
}

function getMessage(messages: WebMessageStore, ref: string): WebMessage {
  const found = /^\d{1,15}$/.test(ref) ? messages.find(Number(ref)) : undefined;
  if (found === undefined) throw new ChatRefusal(`The web chat has no message ${JSON.stringify(ref)}`);
  return found;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
