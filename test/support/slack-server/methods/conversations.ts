import { channelJson } from '../channel-json.ts';
import { channelToRead, channelToSee, openDirect } from '../find-channel.ts';
import { messageJson } from '../message-json.ts';
import { flagArg, neededArg, requireScope, textArg, type Call, type Methods } from '../method.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { Json, SlackMessage } from '../slack-types.ts';

/** One page of `all`, which the cursor counts through. */
function pageOf<T>(args: Json, all: readonly T[], usual: number): { items: T[]; more: Json } {
  const from = Number(Buffer.from(textArg(args, 'cursor') ?? '', 'base64').toString('utf8') || '0');
  if (!Number.isInteger(from)) throw new SlackFailure('invalid_cursor');
  const limit = Math.min(Number(textArg(args, 'limit') ?? usual), 999);
  const hasMore = from + limit < all.length;
  const next_cursor = hasMore ? Buffer.from(String(from + limit)).toString('base64') : '';
  return { items: all.slice(from, from + limit), more: { has_more: hasMore, response_metadata: { next_cursor } } };
}

const micros = (ts: string): bigint => {
  const [seconds = '0', rest = ''] = ts.split('.');
  return BigInt(seconds) * 1_000_000n + BigInt(rest.padEnd(6, '0').slice(0, 6));
};

function isWithin(args: Json, { ts }: SlackMessage): boolean {
  const [oldest, latest] = [textArg(args, 'oldest'), textArg(args, 'latest')];
  const edge = flagArg(args, 'inclusive') ? 1n : 0n;
  if (oldest !== undefined && micros(ts) + edge <= micros(oldest)) return false;
  return latest === undefined || micros(ts) < micros(latest) + edge;
}

function readPage({ args, world }: Call, messages: SlackMessage[], usual: number): Json {
  const { items, more } = pageOf(args, messages, usual);
  return { messages: items.map((one) => messageJson(world, one, flagArg(args, 'include_all_metadata'))), ...more };
}

export const conversationMethods: Methods = {
  'conversations.history': {
    run: (call) => {
      const { args, world } = call;
      const channel = channelToRead(call, neededArg(args, 'channel', 'channel_not_found'));
      const shown = world.messages.filter(
        (one) =>
          one.channel === channel.id &&
          !one.isDeleted &&
          (one.thread_ts === undefined || one.isBroadcast) &&
          isWithin(args, one),
      );
      return readPage(call, shown.toReversed(), 100);
    },
  },
  'conversations.replies': {
    run: (call) => {
      const { args, world } = call;
      const channel = channelToRead(call, neededArg(args, 'channel', 'channel_not_found'));
      const ts = neededArg(args, 'ts', 'thread_not_found');
      const named = world.messages.find((one) => one.channel === channel.id && one.ts === ts);
      const parentTs = named?.thread_ts ?? ts;
      const parent = world.messages.find((one) => one.channel === channel.id && one.ts === parentTs);
      const replies = world.messages.filter(
        (one) => one.channel === channel.id && one.thread_ts === parentTs && !one.isDeleted,
      );
      if (parent === undefined || (parent.isDeleted && replies.length === 0))
        throw new SlackFailure('thread_not_found');
      return readPage(call, [parent, ...replies.filter((one) => isWithin(args, one))], 1000);
    },
  },
  'conversations.info': {
    run: (call) => ({
      channel: channelJson(call.world, channelToSee(call, neededArg(call.args, 'channel', 'channel_not_found'))),
    }),
  },
  'conversations.members': {
    run: (call) => {
      const channel = channelToSee(call, neededArg(call.args, 'channel', 'channel_not_found'));
      const { items, more } = pageOf(call.args, [...channel.members], 100);
      return { members: items, ...more };
    },
  },
  'conversations.list': {
    run: (call) => {
      const types = (textArg(call.args, 'types') ?? 'public_channel').split(',');
      if (types.includes('public_channel')) requireScope(call.scopes, 'channels:read');
      if (types.includes('private_channel')) requireScope(call.scopes, 'groups:read');
      const seen = [...call.world.channels.values()].filter(
        (one) =>
          (one.kind === 'public' && types.includes('public_channel')) ||
          (one.kind === 'private' && types.includes('private_channel') && one.members.has(call.world.bot.user)),
      );
      const { items, more } = pageOf(call.args, seen, 100);
      return { channels: items.map((one) => channelJson(call.world, one)), ...more };
    },
  },
  'conversations.open': {
    scope: 'im:write',
    run: ({ args, world }) => {
      const users = neededArg(args, 'users', 'users_list_not_supplied').split(',');
      const [user = ''] = users;
      if (users.length > 1) throw new SlackFailure('too_many_users');
      const before = world.channels.size;
      const channel = openDirect(world, user);
      return {
        channel: { id: channel.id },
        ...(world.channels.size === before && { already_open: true, no_op: true }),
      };
    },
  },
  'conversations.join': {
    scope: 'channels:join',
    run: ({ args, world }) => {
      const channel = world.channels.get(neededArg(args, 'channel', 'channel_not_found'));
      if (channel === undefined || channel.kind !== 'public') throw new SlackFailure('channel_not_found');
      if (channel.isArchived) throw new SlackFailure('is_archived');
      channel.members.add(world.bot.user);
      return { channel: channelJson(world, channel) };
    },
  },
};
