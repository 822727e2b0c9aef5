import type { webApi } from '@slack/bolt';

import { BoundedMap } from '../bounded-map.ts';
import { ChatRefusal } from '../chat-refusal.ts';
import { toChatError } from './api-error.ts';

const remembered = 500;

/** Gives Slack's id for a channel reference of the desk: `slack:C012`, or `slack:@U012` for a person's direct messages. */
export function createDirectMessages(client: webApi.WebClient): (channel: string) => Promise<string> {
  const opened = new BoundedMap<string, string>(remembered);
  return async (channel) => {
    const { user, id } = /^slack:(?:@(?<user>[UW][A-Z0-9]+)|(?<id>[A-Z0-9]+))$/.exec(channel)?.groups ?? {};
    if (id !== undefined) return id;
    if (user === undefined) throw new ChatRefusal(`Slack has no channel ${JSON.stringify(channel)}`);
    const known = opened.get(user);
    if (known !== undefined) return known;
    const answer = await client.conversations.open({ users: user }).catch((error: unknown) => {
      throw toChatError(error, channel);
    });
    const direct = answer.channel?.id;
    if (direct === undefined) throw new Error('Slack gave no channel of direct messages');
    opened.set(user, direct);
    return direct;
  };
}
