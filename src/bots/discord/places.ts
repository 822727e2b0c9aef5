import { ChannelType, Routes, type APIChannel } from 'discord.js';

import { BoundedMap } from '../bounded-map.ts';
import { tryAgain } from '../try-again.ts';
import { channelOf } from './actor.ts';
import { toChatError } from './api-error.ts';
import type { DiscordApi } from './discord-api.ts';

/** Where somebody did something, as events say it. */
export interface Place {
  id: string;
  type: number;
  parent_id?: string | null | undefined;
}

export interface Places {
  /** The channel that a message's place belongs to; the place itself, where that is a channel. */
  parentOf(id: string): Promise<string>;
  /** Why no job can be told there, for people; undefined where one can, and where Discord does not say what it is. */
  whyNoJob(place: Place): Promise<string | undefined>;
}

const remembered = 1_000;

/** Channels without messages of their own. Those of voice and stages have a chat; a thread of theirs can't be made. */
const withoutMessages: ReadonlyMap<number, string> = new Map([
  [ChannelType.GuildForum, 'is a forum, which takes posts and no messages'],
  [ChannelType.GuildMedia, 'is a media channel, which takes posts and no messages'],
  [ChannelType.GuildCategory, 'is a category, which takes no messages'],
  [ChannelType.GuildDirectory, 'is a directory, which takes no messages'],
]);

/** What places are. Discord says it of a thread's channel only when asked, once each. */
export function createPlaces({ api, commandName }: { api: Pick<DiscordApi, 'get'>; commandName: string }): Places {
  const known = new BoundedMap<string, APIChannel>(remembered);

  async function look(id: string): Promise<APIChannel> {
    const channel = known.get(id) ?? (await api.get<APIChannel>(Routes.channel(id)));
    known.set(id, channel);
    return channel;
  }

  return {
    parentOf: async (id) =>
      channelOf({
        parent_id: undefined,
        ...(await tryAgain(() =>
          look(id).catch((error: unknown) => {
            throw toChatError(error, { kind: 'channel', id });
          }),
        )),
      }),
    async whyNoJob(place) {
      const id = channelOf(place);
      // The delivery says what is wrong with a channel that Discord does not show.
      const channel = id === place.id ? place : await look(id).catch(() => undefined);
      const what = withoutMessages.get(channel?.type ?? ChannelType.GuildText);
      if (channel === undefined || what === undefined) return undefined;
      const name = 'name' in channel && typeof channel.name === 'string' ? `#${channel.name}` : 'This channel';
      return `${name} ${what}: a job from here would have no place for its runs. Schedule it in a text channel, for example ${commandName} schedule in #general.`;
    },
  };
}
