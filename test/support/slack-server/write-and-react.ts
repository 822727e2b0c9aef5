import { changeReaction } from './change-reaction.ts';
import type { Ack, Deliveries } from './deliveries.ts';
import { storeMessage } from './post-message.ts';
import type { Json, SlackMessage, SlackUser } from './slack-types.ts';
import type { PersonIn } from './people.ts';
import { encodeTyped } from './typed-text.ts';
import type { World } from './world.ts';

export interface WriteAndReact {
  /** Writes into a channel or a thread. Who mentions the bot with `@nightdesk` tells the app so. */
  say(
    typed: string,
    where: PersonIn & { thread?: SlackMessage | undefined },
  ): Promise<{ message: SlackMessage; ack?: Ack }>;
  /** Mentions the bot in a channel or a thread, with these words behind it. */
  mention(
    typed: string,
    where: PersonIn & { thread?: SlackMessage | undefined },
  ): Promise<{ message: SlackMessage; ack?: Ack }>;
  react(change: 'added' | 'removed', message: SlackMessage, name: string, user: SlackUser): Promise<Ack | undefined>;
  /** An admin deletes it. */
  deleteMessage(message: SlackMessage): void;
}

/** Tells the app of an event, where it has the scope and the bot is in the channel. */
export function createEvents(world: World, deliveries: Deliveries, scopes: () => readonly string[]) {
  const needed: Record<string, string> = {
    app_mention: 'app_mentions:read',
    reaction_added: 'reactions:read',
    reaction_removed: 'reactions:read',
  };
  return (event: Json, channel: string): Promise<Ack> | undefined => {
    const scope = needed[String(event['type'])];
    const isHeard = world.channels.get(channel)?.members.has(world.bot.user) === true;
    if (!isHeard || (scope !== undefined && !scopes().includes(scope))) return undefined;
    return deliveries.deliver('events_api', {
      token: 'verification',
      team_id: world.team,
      api_app_id: world.bot.app,
      event,
      type: 'event_callback',
      event_id: world.id('Ev'),
      event_time: Math.floor(world.now().getTime() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: world.team,
          user_id: world.bot.user,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: world.channels.get(channel)?.isShared === true,
      event_context: 'context',
    });
  };
}

export function createWriteAndReact(
  world: World,
  tell: (event: Json, channel: string) => Promise<Ack> | undefined,
): WriteAndReact {
  const say: WriteAndReact['say'] = async (typed, { user, channel, thread }) => {
    const text = encodeTyped(world, typed).replaceAll(/<@([UW][A-Z0-9]+)\|[^>]*>/g, '<@$1>');
    const message = storeMessage(world, { channel, user: user.id, text, thread_ts: thread?.thread_ts ?? thread?.ts });
    world.signal.touch();
    if (!text.includes(`<@${world.bot.user}>`)) return { message };
    const told = tell(
      {
        type: 'app_mention',
        user: user.id,
        text,
        ts: message.ts,
        channel: channel.id,
        team: user.team,
        client_msg_id: world.id('M'),
        ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
        event_ts: message.ts,
      },
      channel.id,
    );
    return told === undefined ? { message } : { message, ack: await told };
  };
  return {
    say,
    mention: (typed, where) => say(`@${world.bot.name} ${typed}`.trim(), where),
    react: async (change, message, name, user) => {
      const event = changeReaction(world, change, message, name, user.id);
      world.signal.touch();
      return await tell(event, message.channel);
    },
    deleteMessage: (message) => {
      message.isDeleted = true;
      world.signal.touch();
    },
  };
}
