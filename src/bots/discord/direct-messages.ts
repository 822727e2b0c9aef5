import { Routes, type APIDMChannel } from 'discord.js';

import { BoundedMap } from '../bounded-map.ts';
import type { DiscordApi } from './discord-api.ts';

const remembered = 500;

/** The channel of a person's direct messages, by the person's id. */
export function createDirectMessages(api: DiscordApi): (user: string) => Promise<string> {
  const known = new BoundedMap<string, string>(remembered);
  return async (user) => {
    const there = known.get(user);
    if (there !== undefined) return there;
    const { id } = await api.post<APIDMChannel>(Routes.userChannels(), { recipient_id: user });
    known.set(user, id);
    return id;
  };
}
