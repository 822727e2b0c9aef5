import { postAnswer } from '../post-answer.ts';
import { decodeText } from './decode-text.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { messageRef } from './message-ref.ts';

/** Listens to mentions of the bot and answers in their threads. */
export function listenToMentions(edges: SlackEdges): void {
  edges.app.event('app_mention', async ({ event, context }) => {
    const { user, channel, ts, thread_ts: root } = event;
    // Another bot's words are no wish of a person. Slack tells of an edited message anew: what it said was done already.
    if (user === undefined || 'bot_id' in event || event.edited !== undefined) return;
    const eventId = eventIdOf(context);
    const text = decodeText(withoutMention(event.text, context.botUserId)).trim();
    const ref = root === undefined ? undefined : messageRef(channel, root);
    const reply = await edges.handOver({ user, channel, eventId }, (handlers, actor) =>
      handlers.onMention(text, ref, actor),
    );
    // It was answered before a restart.
    if (reply.message.length === 0) return;
    const thread = messageRef(channel, root ?? ts);
    const answer = { key: `mention:${eventId}`, channel: `slack:${channel}`, thread, reply, writtenAt: edges.now() };
    edges.background.run('the answer to a mention', async () => void (await postAnswer(edges.post, answer)));
  });
}

/** `<@U0BOT> status` → ` status`. */
const withoutMention = (text: string, bot: string | undefined): string =>
  text.replaceAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g, (mention, user: string) => (user === bot ? ' ' : mention));
