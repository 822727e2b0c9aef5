import { setTimeout as pause } from 'node:timers/promises';

import type { Reply } from '../chat.ts';
import { ChatBusy, ChatRefusal, ChatUnreachable } from '../chat-refusal.ts';
import { decodeText } from './decode-text.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { messageRef } from './message-ref.ts';

/** Listens to mentions of the bot and answers in their threads. */
export function listenToMentions(edges: SlackEdges): void {
  edges.app.event('app_mention', async ({ event, context }) => {
    const { user, channel, ts, thread_ts: root } = event;
    // Another bot's words are no wish of a person.
    if (user === undefined || 'bot_id' in event) return;
    const eventId = eventIdOf(context);
    const text = decodeText(withoutMention(event.text, context.botUserId)).trim();
    const ref = root === undefined ? undefined : messageRef(channel, root);
    const reply = await edges.handOver({ user, channel, eventId }, (handlers, actor) =>
      handlers.onMention(text, ref, actor),
    );
    // It was answered before a restart.
    if (reply.message.length === 0) return;
    const thread = messageRef(channel, root ?? ts);
    edges.background.run('the answer to a mention', () => answer(edges, reply, { eventId, channel, thread }));
  });
}

/** `<@U0BOT> status` → ` status`. */
const withoutMention = (text: string, bot: string | undefined): string =>
  text.replaceAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g, (mention, user: string) => (user === bot ? ' ' : mention));

const tries = 5;
const pauseMs = 2_000;

async function answer(edges: SlackEdges, reply: Reply, at: { eventId: string; channel: string; thread: string }) {
  const { eventId, channel, thread } = at;
  const writtenAt = edges.now();
  let noted: string | undefined;
  for (let left = tries; left > 0; left -= 1) {
    try {
      await edges.post({
        key: `mention:${eventId}`,
        channel: `slack:${channel}`,
        thread,
        message: reply.message,
        attachments: reply.files ?? [],
        writtenAt,
        isDoubtful: left < tries,
        noted,
        note: (text) => {
          noted = text;
        },
      });
      return;
    } catch (error) {
      if (error instanceof ChatRefusal || error instanceof ChatUnreachable || left === 1) throw error;
      await pause(error instanceof ChatBusy ? error.retryAfterMs : pauseMs, undefined, { ref: false });
    }
  }
}
