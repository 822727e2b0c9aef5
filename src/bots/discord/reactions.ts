import type { GatewayMessageReactionAddDispatchData, GatewayMessageReactionRemoveDispatchData } from 'discord.js';

import type { ChatHandlers } from '../chat.ts';
import { findControl } from '../control-emoji.ts';
import { channelRef, membershipOf, personRef } from './actor.ts';
import { messageRef } from './message-ref.ts';
import type { Turns } from '../turns.ts';

type Added = GatewayMessageReactionAddDispatchData;
type Removed = GatewayMessageReactionRemoveDispatchData;

interface ReactionEdges {
  handlers: () => ChatHandlers;
  turns: Turns;
  guild: string | undefined;
}

/** Hands 🔁 and 🛑 to the desk, which knows the message, also one from before a restart. `id` is the event's own. */
export function createReactions({ handlers, turns, guild }: ReactionEdges) {
  return async (change: 'added' | 'removed', data: Added | Removed, self: string, id: string): Promise<void> => {
    const control = data.emoji.id === null ? findControl(data.emoji.name ?? '') : undefined;
    const { member, message_author_id: author } = { member: undefined, message_author_id: undefined, ...data };
    const isOthers = author !== undefined && author !== self;
    if (control === undefined || data.guild_id === undefined || isOthers) return;
    if (data.user_id === self || member?.user?.bot === true) return;
    const actor = {
      person: personRef(data.user_id),
      channel: channelRef(data.channel_id),
      eventId: `discord:${id}`,
      ...(member === undefined ? {} : membershipOf(member, { guild: data.guild_id, home: guild })),
    };
    const ref = messageRef({ channel: data.channel_id, message: data.message_id });
    await turns.take(() => handlers().onReaction(change, control, ref, actor));
  };
}
