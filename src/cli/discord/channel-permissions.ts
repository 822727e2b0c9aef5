/** Permissions are decimal texts: they have more bits than a number. */
export interface PermissionFacts {
  guild: string;
  /** Of the member: the user's id and roles. */
  member: { id: string; roles: readonly string[] };
  owner: string;
  roles: readonly { id: string; permissions: string }[];
  overwrites: readonly { id: string; allow: string; deny: string }[];
}

const administrator = 1n << 3n;
const viewChannel = 1n << 10n;
const everything = ~0n;

/**
 * What a member may do in a channel: roles first, then what the channel changes for everyone, for roles, for the member.
 * https://discord.com/developers/docs/topics/permissions#permission-overwrites
 */
export function channelPermissions({ guild, member, owner, roles, overwrites }: PermissionFacts): bigint {
  if (member.id === owner) return everything;
  // The role of everyone has the server's id.
  const own = roles.filter(({ id }) => id === guild || member.roles.includes(id));
  const base = own.reduce((sum, { permissions }) => sum | BigInt(permissions), 0n);
  if (base & administrator) return everything;
  const layers = [[guild], member.roles, [member.id]];
  const permissions = layers.reduce((sum, ids) => {
    const chosen = overwrites.filter(({ id }) => ids.includes(id));
    const denied = chosen.reduce((bits, { deny }) => bits | BigInt(deny), 0n);
    const allowed = chosen.reduce((bits, { allow }) => bits | BigInt(allow), 0n);
    return (sum & ~denied) | allowed;
  }, base);
  // Who can't see a channel can do nothing in it.
  return permissions & viewChannel ? permissions : 0n;
}
