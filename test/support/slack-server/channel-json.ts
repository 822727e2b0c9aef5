import type { Json, SlackChannel } from './slack-types.ts';
import type { World } from './world.ts';

export function channelJson(world: World, channel: SlackChannel): Json {
  const { id, kind } = channel;
  if (kind === 'im') {
    const user = [...channel.members].find((one) => one !== world.bot.user);
    return { id, is_im: true, is_archived: channel.isArchived, user, is_open: true };
  }
  return {
    id,
    name: channel.name,
    is_channel: kind === 'public',
    is_group: kind === 'private',
    is_im: false,
    is_private: kind === 'private',
    is_archived: channel.isArchived,
    is_member: channel.members.has(world.bot.user),
    is_ext_shared: channel.isShared,
    is_shared: channel.isShared,
    num_members: channel.members.size,
  };
}
