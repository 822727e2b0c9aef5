import { GuildMemberFlags, RESTJSONErrorCodes as codes, Routes, type APIGuildMember } from 'discord.js';

import type { Member } from '../chat.ts';
import { isApiError } from './api-error.ts';
import { createRecent } from '../recent.ts';
import type { DiscordApi } from './discord-api.ts';

export interface MembersOptions {
  api: DiscordApi;
  /** The server that the configuration names; without one, every server that the bot is in counts. */
  guild?: string | undefined;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface Members {
  /**
   * The person as Discord knows them, at most a minute ago. Where Discord does not answer: as they were last known, for a
   * quarter of an hour, and then undefined.
   */
  identify(person: string): Promise<Member | undefined>;
}

/** Who people are: their roles are their groups. Discord knows no zones. */
export function createMembers({ api, guild, now, onFault }: MembersOptions): Members {
  const options = { what: 'what Discord knows of', now, onFault };
  const guilds = createRecent(() => listGuilds(api), options);
  const people = createRecent(look, options);

  async function look(user: string): Promise<Member | undefined> {
    const ids = guild === undefined ? ((await guilds.get('the bot’s servers')) ?? []) : [guild];
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
      return await people.get(user);
    },
  };
}

/** How `access` names a role. */
export const roleReference = (role: string): string => `discord:role-${role}`;

/** Whether somebody has not agreed to the server's rules yet, or is in it for one call. */
export const isGuestMember = ({ pending, flags }: Pick<APIGuildMember, 'pending' | 'flags'>): boolean =>
  pending === true || (flags & GuildMemberFlags.IsGuest) !== 0;

async function listGuilds(api: DiscordApi): Promise<string[]> {
  return (await api.get<{ id: string }[]>(Routes.userGuilds())).map(({ id }) => id);
}

async function findMember(api: DiscordApi, guild: string, user: string): Promise<APIGuildMember | undefined> {
  try {
    return await api.get<APIGuildMember>(Routes.guildMember(guild, user));
  } catch (error) {
    if (isApiError(error, codes.UnknownMember, codes.UnknownUser)) return undefined;
    throw error;
  }
}
