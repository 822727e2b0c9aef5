import { checkBlocks } from '../check-blocks.ts';
import { channelToWrite, findChannel, findMessage } from '../find-channel.ts';
import { messageJson } from '../message-json.ts';
import { flagArg, jsonArg, neededArg, textArg, type Call, type Methods } from '../method.ts';
import { storeMessage } from '../post-message.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { Block, Json } from '../slack-types.ts';

/** Slack cuts a text here; an edit is refused from 4,000 on. */
const maxText = 40_000;
const maxEditText = 4000;

interface Content {
  text: string;
  blocks?: Block[] | undefined;
}

function readContent({ args, world }: Call): Content {
  const given = jsonArg(args, 'blocks', 'invalid_blocks_format');
  const blocks = given === undefined ? undefined : checkBlocks(given, 'message');
  const text = textArg(args, 'text') ?? textArg(args, 'markdown_text') ?? '';
  if (text === '' && (blocks === undefined || blocks.length === 0)) throw new SlackFailure('no_text');
  if (text.length > maxText) world.violations.push(`A text of ${text.length} characters was cut at ${maxText}.`);
  return { text: text.slice(0, maxText), blocks };
}

function readMetadata({ args }: Call): Json | undefined {
  const metadata = jsonArg(args, 'metadata', 'invalid_metadata_format') as Json | undefined;
  if (metadata === undefined || Object.keys(metadata).length === 0) return metadata;
  if (typeof metadata['event_type'] !== 'string' || typeof metadata['event_payload'] !== 'object') {
    throw new SlackFailure('invalid_metadata_format');
  }
  return metadata;
}

export const chatMethods: Methods = {
  'chat.postMessage': {
    scope: 'chat:write',
    run: (call) => {
      const { args, world } = call;
      const channel = channelToWrite(world, neededArg(args, 'channel', 'channel_not_found'));
      const content = readContent(call);
      const message = storeMessage(world, {
        ...content,
        channel,
        user: world.bot.user,
        metadata: readMetadata(call),
        thread_ts: textArg(args, 'thread_ts'),
        isBroadcast: flagArg(args, 'reply_broadcast'),
      });
      return { channel: channel.id, ts: message.ts, message: messageJson(world, message, true) };
    },
  },
  'chat.update': {
    scope: 'chat:write',
    run: (call) => {
      const { args, world } = call;
      const channel = channelToWrite(world, neededArg(args, 'channel', 'channel_not_found'));
      const message = findMessage(world, channel.id, neededArg(args, 'ts', 'message_not_found'));
      if (message.user !== world.bot.user) throw new SlackFailure('cant_update_message');
      const { text, blocks } = readContent(call);
      if (text.length > maxEditText) throw new SlackFailure('msg_too_long');
      const metadata = readMetadata(call);
      message.edits.push({ text: message.text, blocks: message.blocks, at: world.now() });
      message.text = text;
      // What is not given stays; an empty list takes it away.
      if (blocks !== undefined) message.blocks = blocks.length > 0 ? blocks : undefined;
      if (metadata !== undefined) message.metadata = Object.keys(metadata).length > 0 ? metadata : undefined;
      return { channel: channel.id, ts: message.ts, text, message: messageJson(world, message) };
    },
  },
  'chat.delete': {
    scope: 'chat:write',
    run: ({ args, world }) => {
      const channel = findChannel(world, neededArg(args, 'channel', 'channel_not_found'));
      const message = findMessage(world, channel.id, neededArg(args, 'ts', 'message_not_found'));
      if (message.user !== world.bot.user) throw new SlackFailure('cant_delete_message');
      message.isDeleted = true;
      return { channel: channel.id, ts: message.ts };
    },
  },
  'chat.postEphemeral': {
    scope: 'chat:write',
    run: (call) => {
      const { args, world } = call;
      const channel = channelToWrite(world, neededArg(args, 'channel', 'channel_not_found'));
      const user = neededArg(args, 'user', 'user_not_in_channel');
      if (!channel.members.has(user)) throw new SlackFailure('user_not_in_channel');
      const content = readContent(call);
      const ts = world.nextTs();
      const thread_ts = textArg(args, 'thread_ts');
      world.ephemeral.push({
        ...content,
        ts,
        channel: channel.id,
        user,
        thread_ts,
        via: 'chat.postEphemeral',
        isDeleted: false,
      });
      return { message_ts: ts };
    },
  },
  'chat.getPermalink': {
    run: ({ args, world, origin }) => {
      const channel = findChannel(world, neededArg(args, 'channel', 'channel_not_found'));
      const message = findMessage(world, channel.id, neededArg(args, 'message_ts', 'message_not_found'));
      const thread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`;
      return {
        channel: channel.id,
        permalink: `${origin}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`,
      };
    },
  },
};
