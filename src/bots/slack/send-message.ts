import type { webApi } from '@slack/bolt';

import type { Message } from '../../model/message.ts';
import { isLayoutError, toChatError } from './api-error.ts';
import { messageMetadata } from './find-sent.ts';
import type { SlackPlace } from './message-ref.ts';
import { renderPlain, type SlackPayload } from './render.ts';
import type { Sending } from './sending.ts';

interface NewMessage {
  key: string;
  print: string;
  channel: string;
  threadTs: string | undefined;
  mention?: string | undefined;
  message: Message;
  payload: SlackPayload;
  /** Slack takes no more than its text, which is sent next: the whole of it belongs into a file. */
  onCut(): void;
}

/** What Claude wrote must not have Slack fetch addresses that it names. */
export const quiet = { unfurl_links: false, unfurl_media: false, parse: 'none' } as const;

/** Sends a message once and returns its time. */
export async function sendMessage(sending: Sending, outgoing: NewMessage): Promise<string> {
  const { key, print, channel, threadTs, mention, message, payload, onCut } = outgoing;
  const { client, posts, onFault, pageUrl } = sending;
  const send = (text: string, blocks: SlackPayload['blocks']): Promise<string> =>
    posts.run(channel, async () => {
      const metadata = messageMetadata(key, print);
      // In a thread, whoever is mentioned is told; the channel is shown it as well.
      const inThread = threadTs === undefined ? {} : { thread_ts: threadTs, reply_broadcast: mention !== undefined };
      const shown = blocks.length === 0 ? { text } : { text, blocks };
      const asked: webApi.ChatPostMessageArguments = { channel, ...quiet, metadata, ...inThread, ...shown };
      const { ts } = await client.chat.postMessage(asked).catch((error: unknown) => {
        throw toChatError(error, channel);
      });
      if (ts === undefined) throw new Error('Slack gave no time of the message');
      return ts;
    });
  try {
    return await send(payload.text, payload.blocks);
  } catch (error) {
    if (!isLayoutError(error)) throw error;
    onFault(error, `the blocks of ${key}: it is sent as text`);
    onCut();
    return send(renderPlain(message, { pageUrl: pageUrl() }), []);
  }
}

/** Replaces what a message shows. */
export async function sendEdit(sending: Sending, place: SlackPlace, { text, blocks }: SlackPayload): Promise<void> {
  const { client, edits, onFault } = sending;
  const send = (blocks: SlackPayload['blocks']) =>
    edits.run('edits', () =>
      client.chat.update({ ...place, parse: 'none', text, blocks }).catch((error: unknown) => {
        throw toChatError(error, place.channel);
      }),
    );
  try {
    await send(blocks);
  } catch (error) {
    if (!isLayoutError(error)) throw error;
    onFault(error, `the blocks of ${place.channel}:${place.ts}: its text is shown`);
    await send([]);
  }
}
