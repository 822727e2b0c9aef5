import { createHash } from 'node:crypto';

import { EmbedType, Routes, type APIEmbed, type APIMessage } from 'discord.js';

import type { DiscordApi } from './discord-api.ts';
import { idAt } from './message-ref.ts';

/** What a message shows, as far as Discord gives it back. */
export interface Shown {
  content?: string | undefined;
  embeds?: readonly APIEmbed[] | undefined;
  fileNames?: readonly string[];
}

/** The same text, card and files have the same print. Discord trims white space. */
export function printOf({ content = '', embeds = [], fileNames = [] }: Shown): string {
  const texts = embeds.flatMap(({ title, description, fields = [] }) => [
    title,
    description,
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  const shown = [content, ...texts, ...fileNames].map((text) => (text ?? '').replaceAll(/\s+/g, ' ').trim());
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 16);
}

/** The print of a message that Discord has. Previews that it adds to links are not ours. */
export const printOfMessage = (message: APIMessage): string =>
  printOf({
    content: message.content,
    embeds: message.embeds.filter(({ type }) => type === undefined || type === EmbedType.Rich),
    fileNames: message.attachments.map(({ filename }) => filename),
  });

/** The same key, on every try: Discord gives back the message that has it, for some minutes. At most 25 characters. */
export const nonceOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 25);

/** The clocks of two hosts differ by less. */
const marginMs = 60_000;
const pageSize = 100;
const maxPages = 20;

export interface SentSearch {
  channel: string;
  /** Only what the bot itself wrote counts. */
  author: string;
  /** When it was first sent. */
  since: Date;
  prints: readonly string[];
  /** Messages that are known as something else. */
  known: readonly string[];
}

/** Looks for a message that an earlier try may have brought through. The oldest one that matches. */
export async function findSent(api: DiscordApi, search: SentSearch): Promise<APIMessage | undefined> {
  let after = idAt(new Date(search.since.getTime() - marginMs));
  for (let page = 0; page < maxPages; page += 1) {
    const messages = await api.get<APIMessage[]>(Routes.channelMessages(search.channel), {
      after,
      limit: String(pageSize),
    });
    const oldestFirst = messages.sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
    const found = oldestFirst.find(
      (message) =>
        message.author.id === search.author &&
        !search.known.includes(message.id) &&
        search.prints.includes(printOfMessage(message)),
    );
    if (found !== undefined) return found;
    const newest = oldestFirst.at(-1)?.id;
    if (messages.length < pageSize || newest === undefined) return undefined;
    after = newest;
  }
  return undefined;
}
