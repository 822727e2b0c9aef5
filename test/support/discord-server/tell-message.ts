import { intentBits } from './intents.ts';
import { viewChannel, viewEmoji, viewMember, viewMessage } from './views.ts';
import type { Channel, Message, World } from './world.ts';

const messageIntent = (channel: Channel): number =>
  channel.guildId === undefined ? intentBits.directMessages : intentBits.guildMessages;

const reactionIntent = (channel: Channel): number =>
  channel.guildId === undefined ? intentBits.directMessageReactions : intentBits.guildMessageReactions;

/** Puts a message into its channel and tells of it. A post wakes an archived thread. */
export function addMessage(world: World, channel: Channel, message: Message): void {
  channel.messages.set(message.id, message);
  if (channel.thread?.archived) {
    channel.thread.archived = false;
    tellThread(world, 'THREAD_UPDATE', channel);
  }
  tellMessage(world, 'MESSAGE_CREATE', channel, message);
}

export function tellMessage(
  world: World,
  name: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
  channel: Channel,
  message: Message,
): void {
  const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId);
  const member = guild?.members.get(message.author.id);
  const { user: _user, ...partial } = member ? viewMember(member) : { user: undefined };
  world.tell({
    name,
    guildId: channel.guildId,
    channel,
    intent: messageIntent(channel),
    data: (intents) => ({
      ...viewMessage(world, message, intents),
      channel_type: channel.type,
      ...(guild && { guild_id: guild.id }),
      ...(member && { member: partial }),
    }),
  });
}

export function tellDeleted(world: World, channel: Channel, id: string): void {
  world.tell({
    name: 'MESSAGE_DELETE',
    guildId: channel.guildId,
    channel,
    intent: messageIntent(channel),
    data: () => ({ id, channel_id: channel.id, ...(channel.guildId !== undefined && { guild_id: channel.guildId }) }),
  });
}

export function tellReaction(
  world: World,
  change: 'ADD' | 'REMOVE',
  channel: Channel,
  message: Message,
  key: string,
  userId: string,
): void {
  const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  world.tell({
    name: `MESSAGE_REACTION_${change}`,
    guildId: channel.guildId,
    channel,
    intent: reactionIntent(channel),
    data: () => ({
      user_id: userId,
      channel_id: channel.id,
      message_id: message.id,
      ...(guild && { guild_id: guild.id }),
      ...(change === 'ADD' && member && { member: viewMember(member) }),
      ...(change === 'ADD' && { message_author_id: message.author.id }),
      emoji: viewEmoji(key),
      burst: false,
      type: 0,
    }),
  });
}

export function tellThread(world: World, name: 'THREAD_CREATE' | 'THREAD_UPDATE', thread: Channel): void {
  world.tell({
    name,
    guildId: thread.guildId,
    channel: thread,
    intent: intentBits.guilds,
    data: () => ({ ...viewChannel(world, thread), ...(name === 'THREAD_CREATE' && { newly_created: true }) }),
  });
}
