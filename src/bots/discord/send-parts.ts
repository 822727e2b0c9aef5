import { DiscordAPIError, RESTJSONErrorCodes as codes, Routes, type APIMessage } from 'discord.js';

import type { Message } from '../../model/message.ts';
import type { OutgoingMessage } from '../chat.ts';
import { isApiError } from './api-error.ts';
import { composeFallback, toBody, withoutFiles, type Part } from './compose.ts';
import type { DiscordApi } from './discord-api.ts';
import { findSent, nonceOf, printOf, printOfMessage } from './find-sent.ts';
import { readSentNote } from './sent-note.ts';
import { sentSince } from '../sent-since.ts';

export interface SendEdges {
  api: DiscordApi;
  /** The bot's own id. */
  self: () => Promise<string>;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

const keptTries = 5;

interface Sending {
  channel: string;
  parts: readonly Part[];
  outgoing: OutgoingMessage;
}

/**
 * Sends the parts that are not through yet; resolves to the id of the first. What may have come through is looked for first.
 * Discord itself keeps the same nonce from being shown twice for some minutes.
 */
export async function sendParts(edges: SendEdges, sending: Sending): Promise<string | undefined> {
  const { channel, parts, outgoing } = sending;
  let note = readSentNote(outgoing.noted);
  for (const [index, part] of parts.entries()) {
    if (index < note.sent.length) continue;
    const print = printOfPart(part);
    const wasTried = note.tries.length > 0 || (index === 0 && outgoing.isDoubtful && outgoing.noted === undefined);
    const now = edges.now();
    const since = sentSince(note.sinceMs === null ? outgoing.writtenAt : new Date(note.sinceMs), now);
    const tries = [...note.tries.filter((each) => each !== print).slice(1 - keptTries), print];
    const found = wasTried
      ? await findSent(edges.api, { channel, author: await edges.self(), since, prints: tries, known: note.sent })
      : undefined;
    note = { ...note, tries, sinceMs: (note.sinceMs === null ? now : since).getTime() };
    outgoing.note(JSON.stringify(note));
    const sent = found ?? (await create(edges, channel, { part, index, outgoing }));
    if (part.embeds !== undefined) await mendLeftOut(edges, sent, outgoing.message);
    // An earlier try came through, with an earlier text.
    if (wasTried && printOfMessage(sent) !== print && sent.attachments.length + part.files.length === 0) {
      const body = toBody({ content: '', embeds: [], components: [], ...part }, outgoing.mention);
      await edges.api.patch(Routes.channelMessage(channel, sent.id), body);
    }
    note = { sent: [...note.sent, sent.id], tries: [], sinceMs: null };
  }
  return note.sent[0];
}

/** Where the bot may not embed, Discord leaves cards out, and a message without words would stay. */
export async function mendLeftOut(
  { api, onFault }: Pick<SendEdges, 'api' | 'onFault'>,
  sent: APIMessage,
  message: Message,
): Promise<void> {
  if (sent.embeds.length > 0 || sent.content !== '') return;
  onFault(new Error('Discord left out the card: allow nightdesk Embed Links'), `channel ${sent.channel_id}`);
  const { content } = composeFallback(message);
  await api.patch(Routes.channelMessage(sent.channel_id, sent.id), toBody({ content }, undefined));
}

const printOfPart = ({ content, embeds, files }: Part): string =>
  printOf({ content, embeds, fileNames: files.map(({ name }) => name) });

async function create(
  { api, onFault }: SendEdges,
  channel: string,
  { part, index, outgoing }: { part: Part; index: number; outgoing: OutgoingMessage },
): Promise<APIMessage> {
  const { key, mention, message } = outgoing;
  const partKey = index === 0 ? key : `${key}#${index}`;
  const send = (each: Part, eachKey = partKey): Promise<APIMessage> => {
    const body = { ...toBody(each, mention), nonce: nonceOf(eachKey), enforce_nonce: true };
    return api.post(Routes.channelMessages(channel), body, each.files);
  };
  try {
    return await send(part);
  } catch (error) {
    const isTooLarge =
      error instanceof DiscordAPIError && (error.status === 413 || error.code === codes.RequestEntityTooLarge);
    const isRefused = isApiError(error, codes.InvalidFormBodyOrContentType, codes.CannotSendAnEmptyMessage);
    if (!isRefused && !(isTooLarge && part.files.length > 0)) throw error;
    onFault(error, `the form of ${key}`);
    if (!isTooLarge) return await send(composeFallback(message));
    const [shown = part, ...names] = withoutFiles(part);
    const sent = await send(shown);
    for (const each of names) await send(each, `${partKey}:names`);
    return sent;
  }
}
