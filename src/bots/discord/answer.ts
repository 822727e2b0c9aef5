import { MessageFlags, type APIAllowedMentions, type APIEmbed } from 'discord.js';

import type { Reply } from '../chat.ts';
import { composeText } from './compose.ts';
import { fixItRow, type Row } from './components.ts';
import type { RenderOptions } from './markdown.ts';

/** One message of an answer, as discord.js takes it for `reply`, `editReply`, `followUp` and `send`. */
export interface AnswerPart {
  content?: string;
  embeds?: APIEmbed[];
  components: Row[];
  files: { name: string; attachment: Buffer }[];
  flags: number;
  allowedMentions: APIAllowedMentions & { parse: [] };
}

export interface AnswerOptions extends RenderOptions {
  /** Only the asker sees it; an answer in a thread is for everybody there. */
  isPrivate: boolean;
}

/**
 * What somebody is answered: the first part answers, the others follow. With the buttons of its message, its files, and *Fix
 * it* where what was typed is kept.
 */
export async function renderAnswer(reply: Reply, options: AnswerOptions): Promise<AnswerPart[]> {
  const parts = await composeText(reply.message, reply.files ?? [], options);
  const last = parts.at(-1);
  if (reply.draft !== undefined && last !== undefined) {
    last.components = [...(last.components ?? []), fixItRow(reply.draft.id)];
  }
  return parts.map(({ content, embeds, components = [], files, flags = 0 }) => ({
    ...(content === undefined ? {} : { content }),
    ...(embeds === undefined ? {} : { embeds }),
    components,
    files: files.map(({ name, data }) => ({ name, attachment: data })),
    flags: flags | (options.isPrivate ? MessageFlags.Ephemeral : 0),
    allowedMentions: { parse: [] },
  }));
}
