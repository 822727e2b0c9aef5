import type { GatewayMessageCreateDispatchData } from 'discord.js';

import type { Actor, Chat, ChatHandlers } from '../chat.ts';
import { channelRef, membershipOf, personRef } from './actor.ts';
import { messageRef } from './message-ref.ts';
import type { Places } from './places.ts';
import { postAnswer } from '../post-answer.ts';
import type { Turns } from '../turns.ts';

type Message = GatewayMessageCreateDispatchData;

export interface MentionEdges {
  handlers: () => ChatHandlers;
  places: Pick<Places, 'parentOf'>;
  turns: Turns;
  guild: string | undefined;
  post: Chat['post'];
  now: () => Date;
}

/** Answers messages that mention the bot itself, in threads and elsewhere. */
export function createMentions({ handlers, places, turns, guild, post, now }: MentionEdges) {
  return async (message: Message, self: string): Promise<void> => {
    const text = textBesideMention(message, self);
    if (text === undefined || message.guild_id === undefined || message.member === undefined) return;
    const parent = await places.parentOf(message.channel_id);
    // A thread has the id of the message that it was made from.
    const thread =
      parent === message.channel_id ? undefined : messageRef({ channel: parent, message: message.channel_id });
    const actor: Actor = {
      person: personRef(message.author.id),
      channel: channelRef(parent),
      eventId: `discord:${message.id}`,
      ...membershipOf(message.member, { guild: message.guild_id, home: guild }),
    };
    const reply = await turns.take(() => handlers().onMention(text, thread ?? repliedTo(message), actor));
    if (reply.message.length === 0) return;
    const key = `mention:${message.id}`;
    await postAnswer(post, { key, channel: channelRef(parent), thread, reply, writtenAt: now() });
  };
}

/**
 * What stands beside the mention, or undefined where the bot is not named in the text: replies mention whom they answer without
 * a word of it, and roles and @everyone are not the bot.
 */
function textBesideMention(
  { author, webhook_id: webhook, mentions, content }: Pick<Message, 'author' | 'webhook_id' | 'mentions' | 'content'>,
  self: string,
): string | undefined {
  if (author.bot === true || webhook !== undefined || !mentions.some(({ id }) => id === self)) return undefined;
  const own = new RegExp(`<@!?${self}>`, 'g');
  return own.test(content) ? decodeReferences(content.replaceAll(own, ' ').trim()) : undefined;
}

/** Other people and roles as they are named everywhere: `discord:123`. */
export const decodeReferences = (text: string): string =>
  text.replaceAll(/<@&(\d+)>/g, 'discord:role-$1').replaceAll(/<@!?(\d+)>/g, 'discord:$1');

/** A mention that answers a message of the bot is about that one. */
const repliedTo = ({ message_reference: reference }: Message): string | undefined =>
  reference?.message_id === undefined
    ? undefined
    : messageRef({ channel: reference.channel_id, message: reference.message_id });
