import { apiFault } from './api-fault.ts';
import type { Channel, Guild, World } from './world.ts';

export const permissionBits = {
  administrator: 1n << 3n,
  addReactions: 1n << 6n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useApplicationCommands: 1n << 31n,
  manageChannels: 1n << 4n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  createPrivateThreads: 1n << 36n,
  sendMessagesInThreads: 1n << 38n,
} as const;
export type PermissionName = keyof typeof permissionBits;

const everything = (1n << 53n) - 1n;

/** What a member may do in a channel: roles, then overwrites of everyone, roles, the member. A thread has its parent's. */
export function permissionsIn(world: World, channel: Channel, userId: string): bigint {
  if (channel.guildId === undefined) return everything;
  const guild = world.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  if (!guild || !member) return 0n;
  const base = permissionsOf(guild, userId);
  if (base & permissionBits.administrator) return everything;
  const { overwrites } =
    (channel.parentId !== undefined && channel.thread && world.channels.get(channel.parentId)) || channel;
  const apply = (permissions: bigint, ids: readonly string[]) => {
    const chosen = overwrites.filter(({ id }) => ids.includes(id));
    const denied = chosen.reduce((bits, { deny }) => bits | deny, 0n);
    const allowed = chosen.reduce((bits, { allow }) => bits | allow, 0n);
    return (permissions & ~denied) | allowed;
  };
  const permissions = apply(apply(apply(base, [guild.id]), member.roles), [userId]);
  // Who can't see a channel can do nothing in it.
  return permissions & permissionBits.viewChannel ? permissions : 0n;
}

export function permissionsOf(guild: Guild, userId: string): bigint {
  if (guild.ownerId === userId) return everything;
  const roles = [guild.id, ...(guild.members.get(userId)?.roles ?? [])];
  const bits = roles.reduce((sum, id) => sum | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  return bits & permissionBits.administrator ? everything : bits;
}

/** Throws 50001 where the bot doesn't see the channel, 50013 where it misses another permission. */
export function demand(world: World, channel: Channel, ...names: PermissionName[]): void {
  const permissions = permissionsIn(world, channel, world.bot.id);
  if (!(permissions & permissionBits.viewChannel)) throw apiFault('missingAccess');
  if (names.some((name) => !(permissions & permissionBits[name]))) throw apiFault('missingPermissions');
}
