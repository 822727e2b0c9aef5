import { intentBits } from './intents.ts';
import { permissionBits } from './permissions.ts';
import { viewChannel, viewGuildCreate } from './views.ts';
import type { Channel, Guild, Overwrite, Role, User, World } from './world.ts';

/** Makes what there is before anybody acts. */

const { addReactions, viewChannel: view, sendMessages, embedLinks, attachFiles, readMessageHistory } = permissionBits;
const { createPublicThreads, sendMessagesInThreads, useApplicationCommands } = permissionBits;

/** What Discord gives @everyone in a new server. */
export const everyonesPermissions =
  view |
  sendMessages |
  embedLinks |
  attachFiles |
  addReactions |
  readMessageHistory |
  useApplicationCommands |
  createPublicThreads |
  sendMessagesInThreads;

export function addUser(world: World, name: string): User {
  const user = { id: world.newId(), username: name, global_name: name, bot: false };
  world.users.set(user.id, user);
  return user;
}

export function addMember(world: World, guild: Guild, user: User, roles: string[] = []): void {
  guild.members.set(user.id, { user, nick: null, roles, joined_at: new Date(world.now()).toISOString() });
}

export function addRole(world: World, guild: Guild, name: string, permissions = 0n, managed = false): Role {
  const role = { id: world.newId(), name, permissions, position: guild.roles.size, managed };
  guild.roles.set(role.id, role);
  return role;
}

/** A guild that the bot was invited to: with a role of its own that has what the invite asked for. */
export function addGuild(world: World, name: string, invited: bigint, everyone: bigint): Guild {
  const owner = addUser(world, `owner-of-${name}`);
  const guild: Guild = { id: world.newId(), name, ownerId: owner.id, roles: new Map(), members: new Map() };
  guild.roles.set(guild.id, { id: guild.id, name: '@everyone', permissions: everyone, position: 0, managed: false });
  addMember(world, guild, owner);
  const own = addRole(world, guild, world.bot.username, invited, true);
  addMember(world, guild, world.bot, [own.id]);
  world.guilds.set(guild.id, guild);
  world.tell({
    name: 'GUILD_CREATE',
    guildId: guild.id,
    intent: intentBits.guilds,
    data: (intents) => viewGuildCreate(world, guild, intents),
  });
  return guild;
}

/** A post of a forum, as people make them: a thread that no message of the forum belongs to. */
export function addPost(world: World, forum: Channel, name: string): Channel {
  const post: Channel = {
    id: world.newId(),
    type: 11,
    guildId: forum.guildId,
    parentId: forum.id,
    name,
    overwrites: [],
    thread: {
      archived: false,
      locked: false,
      auto_archive_duration: 1440,
      archive_timestamp: new Date(world.now()).toISOString(),
    },
    messages: new Map(),
  };
  world.channels.set(post.id, post);
  return post;
}

export function addChannel(world: World, guild: Guild, name: string, overwrites: Overwrite[] = [], type = 0): Channel {
  const channel: Channel = { id: world.newId(), type, guildId: guild.id, name, overwrites, messages: new Map() };
  world.channels.set(channel.id, channel);
  world.tell({
    name: 'CHANNEL_CREATE',
    guildId: guild.id,
    intent: intentBits.guilds,
    data: () => viewChannel(world, channel),
  });
  return channel;
}
