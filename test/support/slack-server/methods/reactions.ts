import { channelToWrite, findChannel, findMessage } from '../find-channel.ts';
import { messageJson } from '../message-json.ts';
import { neededArg, type Call, type Methods } from '../method.ts';
import { changeReaction } from '../change-reaction.ts';
import type { SlackMessage } from '../slack-types.ts';

function target({ args, world }: Call): SlackMessage {
  const channel = channelToWrite(world, neededArg(args, 'channel', 'channel_not_found'));
  return findMessage(world, channel.id, neededArg(args, 'timestamp', 'message_not_found'));
}

export const reactionMethods: Methods = {
  'reactions.add': {
    scope: 'reactions:write',
    run: (call) => {
      const name = neededArg(call.args, 'name', 'invalid_name');
      call.hooks.event(changeReaction(call.world, 'added', target(call), name, call.world.bot.user));
      return {};
    },
  },
  'reactions.remove': {
    scope: 'reactions:write',
    run: (call) => {
      const name = neededArg(call.args, 'name', 'invalid_name');
      call.hooks.event(changeReaction(call.world, 'removed', target(call), name, call.world.bot.user));
      return {};
    },
  },
  'reactions.get': {
    scope: 'reactions:read',
    run: ({ args, world }) => {
      const channel = findChannel(world, neededArg(args, 'channel', 'channel_not_found'));
      const message = findMessage(world, channel.id, neededArg(args, 'timestamp', 'message_not_found'));
      return { type: 'message', channel: channel.id, message: messageJson(world, message) };
    },
  },
};
