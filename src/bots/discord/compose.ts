import { MessageFlags, type APIEmbed, type RESTPostAPIChannelMessageJSONBody } from 'discord.js';

import { code, type Message } from '../../model/message.ts';
import type { Attachment, OutgoingMessage } from '../chat.ts';
import { renderText as renderPlain } from '../render-text.ts';
import { splitText } from '../split-text.ts';
import { withMention } from '../with-mention.ts';
import { groupFiles, readFiles } from './attach.ts';
import { renderComponents, type Row } from './components.ts';
import type { DiscordFile } from './discord-api.ts';
import { escapeText, inlineCode } from './escape.ts';
import { renderInlines, uncut, type RenderOptions } from './markdown.ts';
import { renderCard, renderCards, renderText } from './render.ts';

/** One of the messages that a message becomes on Discord. */
export interface Part {
  content?: string;
  embeds?: APIEmbed[];
  components?: Row[];
  files: DiscordFile[];
  flags?: MessageFlags;
}

/** A message of more parts than this is shown in its beginning, with the whole as a file. */
const maxParts = 5;
const maxContent = 2_000;

/**
 * What is posted: a card in a channel, text in a thread, where a card for each word would be heavy. A mention stands before a
 * card, since one inside of it tells nobody.
 */
export async function composePost(outgoing: OutgoingMessage, options: RenderOptions): Promise<Part[]> {
  const { message, mention, thread, attachments } = outgoing;
  if (thread !== undefined) {
    return composeText(mention === undefined ? message : withMention(message, mention), attachments, options);
  }
  const cards = renderCards(message, options).map((embed): Part => ({ embeds: [embed], files: [] }));
  const [first] = cards;
  const user = findUser(mention);
  if (first !== undefined && user !== undefined) first.content = `<@${user}>`;
  // What is edited later has the buttons.
  setButtons(first, message);
  return complete(cards, message, attachments, options);
}

/** What a message is edited to: its one card. */
export const composeEdit = (message: Message, options: RenderOptions): Omit<Part, 'files'> => ({
  embeds: [renderCard(message, options)],
  components: renderComponents(message),
});

/** A message as text, in as many parts as it takes, with its buttons under the last one. */
export async function composeText(
  message: Message,
  attachments: readonly Attachment[],
  options: RenderOptions,
): Promise<Part[]> {
  const texts = renderText(message, options).map(textPart);
  const parts = await complete(texts, message, attachments, options);
  setButtons(parts.at(-1), message);
  return parts;
}

const textPart = (content: string): Part => ({ content, flags: MessageFlags.SuppressEmbeds, files: [] });

function setButtons(part: Part | undefined, message: Message): void {
  const rows = renderComponents(message);
  if (part !== undefined && rows.length > 0) part.components = rows;
}

/** Adds files, and what must be said of them. */
async function complete(
  all: Part[],
  message: Message,
  attachments: readonly Attachment[],
  options: RenderOptions,
): Promise<Part[]> {
  const { files, remarks } = await readFiles(attachments);
  const parts = all.length > maxParts ? all.slice(0, maxParts - 1) : all;
  if (parts.length < all.length) {
    files.unshift(wholeText(message));
    remarks.unshift(['The rest is in ', code(wholeName), '.']);
  }
  for (const remark of remarks) addText(parts, renderInlines(remark, options));
  const [first = [], ...more] = groupFiles(files);
  const last = parts.at(-1);
  if (last !== undefined) last.files = first;
  else if (first.length > 0) parts.push({ files: first });
  return [...parts, ...more.map((group) => ({ files: group }))];
}

function addText(parts: Part[], text: string): void {
  const last = parts.at(-1);
  const joined = last?.content === undefined ? text : `${last.content}\n${text}`;
  if (last === undefined || joined.length > maxContent) parts.push(textPart(text.slice(0, maxContent)));
  else last.content = joined;
}

const wholeName = 'message.txt';
const wholeText = (message: Message): DiscordFile => ({
  name: wholeName,
  data: Buffer.from(renderPlain(message, 'UTC')),
});

/** Where Discord refuses a message for its form: the beginning as plain text, with the whole as a file. */
export function composeFallback(message: Message): Part & { content: string } {
  const [shown = wholeName] = splitText(escapeText(renderPlain(message, 'UTC')), maxContent, uncut);
  return { ...textPart(shown), content: shown, files: [wholeText(message)] };
}

/** Where a server takes less than Discord says: the same, with the names of what is missing, behind it where they don't fit. */
export function withoutFiles(part: Part): Part[] {
  const names = part.files.map(({ name }) => inlineCode(name)).join(', ');
  const parts: Part[] = [{ ...part, files: [] }];
  addText(parts, `Discord did not take ${names}; nightdesk's page has it.`);
  return parts;
}

/** The id of a person of Discord. */
const findUser = (person: string | undefined): string | undefined => /^discord:(\d+)$/.exec(person ?? '')?.[1];

/** The body of a request. Nobody is told but `mention`, whatever the text looks like. */
export function toBody(part: Omit<Part, 'files'>, mention: string | undefined): RESTPostAPIChannelMessageJSONBody {
  const user = findUser(mention);
  const { content, embeds, components, flags } = part;
  return {
    ...(content === undefined ? {} : { content }),
    ...(embeds === undefined ? {} : { embeds }),
    ...(components === undefined ? {} : { components }),
    ...(flags === undefined ? {} : { flags }),
    allowed_mentions: { parse: [], ...(user === undefined ? {} : { users: [user] }) },
  };
}
