import { GuildMemberFlags, RESTJSONErrorCodes as codes, Routes, type APIGuildMember } from 'discord.js';

import type { Member } from '../chat.ts';
import { isApiError } from './api-error.ts';
import { BoundedMap } from './bounded-map.ts';
import type { DiscordApi } from './discord-api.ts';

export interface MembersOptions {
  api: DiscordApi;
  /** The server that the configuration names; without one, every server that the bot is in counts. */
  guild?: string | undefined;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface Members {
  /** The person as Discord knows them now, at most a minute old; undefined where Discord does not say. */
  identify(person: string): Promise<Member | undefined>;
}

const keptMs = 60_000;
const keptPeople = 1_000;
const guildsKeptMs = 5 * 60_000;

/** Who people are: their roles are their groups. Discord knows no zones. */
export function createMembers({ api, guild, now, onFault }: MembersOptions): Members {
  const known = new BoundedMap<string, { member: Promise<Member | undefined>; atMs: number }>(keptPeople);
  let guilds: { ids: string[]; atMs: number } | undefined;

  async function listGuilds(): Promise<string[]> {
    if (guild !== undefined) return [guild];
    if (guilds === undefined || now().getTime() - guilds.atMs >= guildsKeptMs) {
      const list = await api.get<{ id: string }[]>(Routes.userGuilds());
      guilds = { ids: list.map(({ id }) => id), atMs: now().getTime() };
    }
    return guilds.ids;
  }

  async function look(user: string): Promise<Member | undefined> {
    const ids = await listGuilds();
    const found = (await Promise.all(ids.map((id) => findMember(api, id, user)))).filter((each) => each !== undefined);
    // Without a server nothing is known of anybody.
    if (ids.length === 0) return undefined;
    if (found.length === 0) return { isGone: true };
    return {
      isGone: false,
      groups: found.flatMap(({ roles }) => roles.map(roleReference)),
      isGuest: found.every(isGuestMember),
    };
  }

  return {
    async identify(person) {
      const [, user] = /^discord:(\d+)$/.exec(person) ?? [];
      if (user === undefined) return undefined;
      const before = known.get(user);
      if (before !== undefined && now().getTime() - before.atMs < keptMs) return before.member;
      const member = look(user).catch((error: unknown) => {
        known.delete(user);
        onFault(error, `who ${person} is`);
        return undefined;
      });
      known.set(user, { member, atMs: now().getTime() });
      return member;
    },
  };
}

/** How `access` names a role. */
export const roleReference = (role: string): string => `discord:role-${role}`;

/** Whether somebody has not agreed to the server's rules yet, or is in it for one call. */
export const isGuestMember = ({ pending, flags }: Pick<APIGuildMember, 'pending' | 'flags'>): boolean =>
  pending === true || (flags & GuildMemberFlags.IsGuest) !== 0;

async function findMember(api: DiscordApi, guild: string, user: string): Promise<APIGuildMember | undefined> {
  try {
    return await api.get<APIGuildMember>(Routes.guildMember(guild, user));
  } catch (error) {
    if (isApiError(error, codes.UnknownMember, codes.UnknownUser)) return undefined;
    throw error;
  }
}
