import { createHash } from 'node:crypto';

import type { webApi } from '@slack/bolt';

import { code, controlsIn, line, type Inline, type Message } from '../../model/message.ts';
import type { Chat, OutgoingMessage } from '../chat.ts';
import { renderText } from '../render-text.ts';
import { withMention } from '../with-mention.ts';
import { toChatError } from './api-error.ts';
import { attach, type Attached } from './attach.ts';
import { createDirectMessages } from './direct-messages.ts';
import { findSent } from './find-sent.ts';
import { messageRef, parseMessageRef } from './message-ref.ts';
import { createPace } from './pace.ts';
import { createKeepControls } from './keep-controls.ts';
import { renderInline } from './render-inline.ts';
import { renderMessage, type SlackPayload } from './render.ts';
import { sendEdit, sendMessage } from './send-message.ts';
import type { Sending } from './sending.ts';
import { readNote, writeNote } from './sent-note.ts';
import { sentSince } from '../sent-since.ts';

export interface OutgoingOptions {
  /** As `createWebClient` makes it. */
  client: webApi.WebClient;
  pageUrl: () => string | undefined;
  now: () => Date;
  onFault(error: unknown, where: string): void;
  /** How long a post waits for the one before it in its channel; by default Slack's limit. */
  postIntervalMs?: number | undefined;
}

export interface Outgoing extends Pick<Chat, 'post' | 'edit'> {
  /** Resolves when no reaction is on its way. */
  idle(): Promise<void>;
  stop(): void;
}

/** One message a second in a channel, short bursts over it: https://docs.slack.dev/apis/web-api/rate-limits */
const usualPostIntervalMs = 1_000;
const postBurst = 3;

/** The way out: what the bot posts, edits, attaches and reacts with. */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { client, pageUrl, now, onFault, postIntervalMs = usualPostIntervalMs } = options;
  const reactions = createKeepControls({ client, onFault });
  const sending: Sending = {
    client,
    pageUrl,
    now,
    onFault,
    reactions,
    posts: createPace({ intervalMs: postIntervalMs, burst: postBurst, now }),
    // How many edits the whole workspace may make is told by Slack alone.
    edits: createPace({ intervalMs: 1, burst: Number.POSITIVE_INFINITY, now }),
    openDirect: createDirectMessages(client),
  };
  return {
    post: (message) => post(sending, message),
    edit: (ref, message) => edit(sending, ref, message),
    idle: () => reactions.idle(),
    stop: () => reactions.stop(),
  };
}

async function post(sending: Sending, outgoing: OutgoingMessage): Promise<string> {
  const { mention, isDoubtful, writtenAt } = outgoing;
  const parent = outgoing.thread === undefined ? undefined : parseMessageRef(outgoing.thread);
  const channel = parent?.channel ?? (await sending.openDirect(outgoing.channel));
  const message = mention === undefined ? outgoing.message : withMention(outgoing.message, mention);
  const payload = renderMessage(message, {
    pageUrl: sending.pageUrl(),
    notice: restNotice,
  });
  const print = printOf(payload);
  const noted = readNote(outgoing.noted);
  const search = { channel, threadTs: parent?.ts, since: sentSince(writtenAt, sending.now()) };
  const before =
    noted.ts === undefined && isDoubtful
      ? await findSent(sending.client, search, outgoing.key).catch((error: unknown) => rethrow(error, channel))
      : noted;
  let isCut = noted.isCut === true || payload.rest !== undefined;
  // Noted before the text is sent: should it be found there later, its file is still to come.
  const onCut = (): void => {
    isCut = true;
    outgoing.note(writeNote({ ...noted, isCut }));
  };
  const ts =
    before.ts ??
    (await sendMessage(sending, { ...outgoing, print, channel, threadTs: parent?.ts, message, payload, onCut }));
  // An earlier try came through, with an earlier text.
  const isOld = before.ts !== undefined && before.print !== print;
  if (isOld) await sendEdit(sending, { channel, ts }, payload);
  const there = { ...noted, ts, print, isCut };
  outgoing.note(writeNote(there));
  const controls = controlsIn(message);
  if (controls.length > 0 || isOld) sending.reactions.keep({ channel, ts }, controls, before.ts === undefined);
  const place = { ...search, threadTs: parent?.ts ?? ts };
  const files = [...outgoing.attachments, ...(isCut ? [restOf(message)] : [])];
  if (files.length > 0) {
    const keep = (uploaded: typeof noted.files): void => outgoing.note(writeNote({ ...there, files: uploaded }));
    const refused = await attach({ ...sending, pace: sending.posts }, place, files, noted.files, keep).catch(
      (error: unknown) => rethrow(error, channel),
    );
    if (refused.length > 0)
      await sendEdit(sending, { channel, ts }, renderRefused(message, refused, sending.pageUrl()));
  }
  return messageRef(channel, ts);
}

/** The same text and buttons have the same print. */
const printOf = ({ text, blocks }: SlackPayload): string =>
  createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('base64url')
    .slice(0, 16);

const restName = 'message.txt';
const restNotice = `The rest is in \`${restName}\`, in the thread.`;
const restOf = (message: Message): Attached => ({ name: restName, text: renderText(message, 'UTC') });

/** The message with what became of its files, where the workspace takes none of them. */
function renderRefused(message: Message, refused: readonly string[], pageUrl: string | undefined): SlackPayload {
  const names = refused.flatMap((name, index) => [...(index === 0 ? [] : [', ']), code(name)]);
  const words: Inline[] = [
    '📎 Slack did not take ',
    ...names,
    `; nightdesk’s page has ${refused.length === 1 ? 'it' : 'them'}.`,
  ];
  const said = words.map((inline) => renderInline(inline, { pageUrl })).join('');
  const notice = refused.includes(restName) ? said : `${restNotice} ${said}`;
  return renderMessage([...message, line(...words)], { pageUrl, notice });
}

async function edit(sending: Sending, ref: string, message: Message): Promise<void> {
  const place = parseMessageRef(ref);
  const pageUrl = sending.pageUrl();
  const notice = pageUrl === undefined ? 'This is only the first part.' : `The rest is on <${pageUrl}|the page>.`;
  await sendEdit(sending, place, renderMessage(message, { pageUrl, notice }));
  sending.reactions.keep(place, controlsIn(message));
}

function rethrow(error: unknown, channel: string): never {
  throw toChatError(error, channel);
}
