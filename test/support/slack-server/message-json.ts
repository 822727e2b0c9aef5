import { fileJson } from './file-json.ts';
import type { Json, SlackMessage } from './slack-types.ts';
import type { World } from './world.ts';

/** A message as the Web API and events carry it. */
export function messageJson(world: World, message: SlackMessage, withMetadata = false): Json {
  const replies = world.messages.filter(
    (one) => one.channel === message.channel && one.thread_ts === message.ts && !one.isDeleted,
  );
  const latest = replies.at(-1);
  const lastEdit = message.edits.at(-1);
  return {
    type: 'message',
    ...(message.isDeleted
      ? { subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.', hidden: true }
      : {
          ...(message.isBroadcast && { subtype: 'thread_broadcast' }),
          user: message.user,
          text: message.text,
          ...(message.blocks !== undefined && { blocks: message.blocks }),
          ...(message.files.length > 0 && { files: message.files.map((id) => fileJson(world, id)) }),
          ...(message.isBot && { bot_id: world.bot.id, app_id: world.bot.app }),
          ...(withMetadata && message.metadata !== undefined && { metadata: message.metadata }),
          ...(message.reactions.length > 0 && {
            reactions: message.reactions.map(({ name, users }) => ({ name, users, count: users.length })),
          }),
          ...(lastEdit !== undefined && {
            edited: { user: message.user, ts: `${Math.floor(lastEdit.at.getTime() / 1000)}.000000` },
          }),
        }),
    ts: message.ts,
    team: world.team,
    ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
    ...(latest !== undefined && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map(({ user }) => user))],
      latest_reply: latest.ts,
    }),
  };
}
