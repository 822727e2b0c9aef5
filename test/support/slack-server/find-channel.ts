import { requireScope, type Call } from './method.ts';
import { SlackFailure } from './slack-failure.ts';
import type { SlackChannel, SlackMessage } from './slack-types.ts';
import type { World } from './world.ts';

/** A channel that the bot can see: of a private one it is a member, or there is no such channel for it. */
export function findChannel(world: World, id: string): SlackChannel {
  const channel =
    world.channels.get(id) ?? [...world.channels.values()].find(({ name, kind }) => kind !== 'im' && `#${name}` === id);
  if (channel === undefined) throw new SlackFailure('channel_not_found');
  if (channel.kind !== 'public' && !channel.members.has(world.bot.user)) throw new SlackFailure('channel_not_found');
  return channel;
}

/** A channel that the bot may write into. A person's id stands for their direct messages. */
export function channelToWrite(world: World, id: string): SlackChannel {
  const channel = world.users.has(id) ? openDirect(world, id) : findChannel(world, id);
  if (channel.isArchived) throw new SlackFailure('is_archived');
  if (!channel.members.has(world.bot.user)) throw new SlackFailure('not_in_channel');
  return channel;
}

/** The direct messages of the bot and a person. */
export function openDirect(world: World, user: string): SlackChannel {
  const person = world.users.get(user);
  if (person === undefined) throw new SlackFailure('user_not_found');
  if (person.deleted) throw new SlackFailure('user_disabled');
  const there = [...world.channels.values()].find(({ kind, members }) => kind === 'im' && members.has(user));
  if (there !== undefined) return there;
  const channel: SlackChannel = {
    id: world.id('D'),
    name: user,
    kind: 'im',
    members: new Set([user, world.bot.user]),
    isArchived: false,
    isShared: false,
  };
  world.channels.set(channel.id, channel);
  return channel;
}

const prefixes = { public: 'channels', private: 'groups', im: 'im' } as const;

/** A channel whose messages the bot may read: the scope is that of the channel's kind. */
export function channelToRead(call: Call, id: string): SlackChannel {
  const channel = findChannel(call.world, id);
  requireScope(call.scopes, `${prefixes[channel.kind]}:history`);
  if (!channel.members.has(call.world.bot.user)) throw new SlackFailure('not_in_channel');
  return channel;
}

/** A channel whose facts the bot may see. */
export function channelToSee(call: Call, id: string): SlackChannel {
  const channel = findChannel(call.world, id);
  requireScope(call.scopes, `${prefixes[channel.kind]}:read`);
  return channel;
}

export function findMessage(world: World, channel: string, ts: string): SlackMessage {
  const message = world.messages.find((one) => one.channel === channel && one.ts === ts && !one.isDeleted);
  if (message === undefined) throw new SlackFailure('message_not_found');
  return message;
}
