import { openDirect } from './find-channel.ts';
import type { SlackChannel, SlackGroup, SlackUser } from './slack-types.ts';
import type { World } from './world.ts';

export interface Populate {
  addUser(name: string, facts?: Partial<SlackUser>): SlackUser;
  addGroup(handle: string, users: SlackUser[]): SlackGroup;
  /** The bot is a member unless `withBot` is false. */
  addChannel(
    name: string,
    facts?: { members?: SlackUser[]; kind?: 'public' | 'private'; withBot?: boolean; isShared?: boolean },
  ): SlackChannel;
  /** The direct messages of the bot and a person, where there are any or may be. */
  directOf(user: SlackUser): SlackChannel;
  removeBot(channel: SlackChannel): void;
  inviteBot(channel: SlackChannel): void;
  archive(channel: SlackChannel): void;
}

/** Who and what is in the workspace. */
export function createPopulate(world: World): Populate {
  return {
    addUser: (name, facts = {}) => {
      const user: SlackUser = {
        id: world.id('U'),
        name,
        team: world.team,
        tz: 'Europe/Berlin',
        deleted: false,
        is_bot: false,
        is_restricted: false,
        is_ultra_restricted: false,
        is_stranger: false,
        ...facts,
      };
      world.users.set(user.id, user);
      return user;
    },
    addGroup: (handle, users) => {
      const group = { id: world.id('S'), handle, users: users.map(({ id }) => id) };
      world.groups.set(group.id, group);
      return group;
    },
    addChannel: (name, { members = [], kind = 'public', withBot = true, isShared = false } = {}) => {
      const all = new Set(members.map(({ id }) => id));
      if (withBot) all.add(world.bot.user);
      const channel: SlackChannel = { id: world.id('C'), name, kind, members: all, isArchived: false, isShared };
      world.channels.set(channel.id, channel);
      return channel;
    },
    directOf: (user) => openDirect(world, user.id),
    removeBot: (channel) => void channel.members.delete(world.bot.user),
    inviteBot: (channel) => void channel.members.add(world.bot.user),
    archive: (channel) => void (channel.isArchived = true),
  };
}
