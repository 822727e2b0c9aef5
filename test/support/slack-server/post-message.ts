import type { Block, Json, SlackChannel, SlackMessage } from './slack-types.ts';
import type { World } from './world.ts';

export interface NewMessage {
  channel: SlackChannel;
  user: string;
  text: string;
  blocks?: Block[] | undefined;
  metadata?: Json | undefined;
  thread_ts?: string | undefined;
  isBroadcast?: boolean;
  files?: string[];
}

/**
 * Stores a message. A reply to a message that is not there (deleted, without replies) is put into the channel itself without a
 * word, as Slack does: the answer then lacks `thread_ts`.
 */
export function storeMessage(world: World, given: NewMessage): SlackMessage {
  const parent = world.messages.find((one) => one.channel === given.channel.id && one.ts === given.thread_ts);
  const hasReplies = world.messages.some(
    (one) => one.channel === given.channel.id && one.thread_ts === given.thread_ts && !one.isDeleted,
  );
  const isThere = parent !== undefined && (!parent.isDeleted || hasReplies);
  if (parent?.thread_ts !== undefined)
    world.violations.push(`A reply was sent to the reply ${parent.ts}, not to its thread.`);
  const message: SlackMessage = {
    ts: world.nextTs(),
    channel: given.channel.id,
    user: given.user,
    text: given.text,
    blocks: given.blocks,
    metadata: given.metadata,
    thread_ts: isThere ? (parent.thread_ts ?? parent.ts) : undefined,
    isBroadcast: isThere && given.isBroadcast === true,
    isBot: given.user === world.bot.user,
    files: given.files ?? [],
    reactions: [],
    edits: [],
    isDeleted: false,
  };
  world.messages.push(message);
  return message;
}
