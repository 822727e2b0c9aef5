import { fileJson } from '../file-json.ts';
import { channelToWrite } from '../find-channel.ts';
import { jsonArg, neededArg, textArg, type Methods } from '../method.ts';
import { storeMessage } from '../post-message.ts';
import { checkBlocks } from '../check-blocks.ts';
import { invalid, SlackFailure } from '../slack-failure.ts';
import type { SlackFile } from '../slack-types.ts';
import type { World } from '../world.ts';

/** Nowhere documented: https://github.com/slackapi/python-slack-sdk/issues/1653 */
const maxShared = 14;

function fileOf(world: World, id: string): SlackFile {
  const file = world.files.get(id);
  if (file === undefined || file.isDeleted || file.bytes === undefined) throw new SlackFailure('file_not_found');
  return file;
}

export const fileMethods: Methods = {
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run: ({ args, world, origin }) => {
      const name = neededArg(args, 'filename');
      const length = Number(neededArg(args, 'length'));
      if (!Number.isInteger(length) || length < 1)
        throw invalid('invalid_arguments', ['must be greater than 0 [json-pointer:/length]']);
      const id = world.id('F');
      world.files.set(id, { id, name, title: name, length, isComplete: false, isDeleted: false, shares: [] });
      return { file_id: id, upload_url: `${origin}/upload/v1/${id}` };
    },
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    run: ({ args, world, hooks }) => {
      const named = jsonArg(args, 'files', 'invalid_arguments') as { id: string; title?: string }[] | undefined;
      if (!Array.isArray(named) || named.length === 0)
        throw invalid('invalid_arguments', ['missing required field: files']);
      if (named.length > maxShared) throw new SlackFailure('internal_error');
      const files = named.map(({ id }) => fileOf(world, id));
      if (files.some(({ isComplete }) => isComplete)) throw new SlackFailure('file_update_failed');
      const channelId = textArg(args, 'channel_id');
      const channel = channelId === undefined ? undefined : channelToWrite(world, channelId);
      const given = jsonArg(args, 'blocks', 'invalid_blocks_format');
      const blocks = given === undefined ? undefined : checkBlocks(given, 'message');
      files.forEach((file, index) => {
        file.isComplete = true;
        file.title = named[index]?.title ?? file.name;
      });
      // Slack answers first and puts the message there once the files are processed.
      hooks.later(() => {
        if (channel === undefined) return;
        const ids = files.map(({ id }) => id);
        const text = textArg(args, 'initial_comment') ?? '';
        const message = storeMessage(world, {
          channel,
          user: world.bot.user,
          text,
          blocks,
          thread_ts: textArg(args, 'thread_ts'),
          files: ids,
        });
        for (const file of files)
          file.shares.push({ channel: channel.id, ts: message.ts, thread_ts: message.thread_ts });
      });
      return { files: files.map(({ id, title }) => ({ id, title })) };
    },
  },
  'files.info': {
    scope: 'files:read',
    run: ({ args, world }) => {
      const file = fileOf(world, neededArg(args, 'file', 'file_not_found'));
      if (!file.isComplete) throw new SlackFailure('file_not_found');
      return { file: fileJson(world, file.id), comments: [] };
    },
  },
  'files.delete': {
    scope: 'files:write',
    run: ({ args, world }) => {
      const file = fileOf(world, neededArg(args, 'file', 'file_not_found'));
      file.isDeleted = true;
      file.shares = [];
      return {};
    },
  },
};
