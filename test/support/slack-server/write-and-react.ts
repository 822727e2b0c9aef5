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
  /** Their own message, with other words behind the mention in it. Slack tells the app of it once more. */
  editMention(message: SlackMessage, typed: string): Promise<Ack | undefined>;
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
  const encoded = (typed: string): string =>
    encodeTyped(world, typed).replaceAll(/<@([UW][A-Z0-9]+)\|[^>]*>/g, '<@$1>');

  /** `more` is what is told beside the message itself. */
  function tellMention(message: SlackMessage, more: Json = {}): Promise<Ack> | undefined {
    const { text, user, channel, ts, thread_ts } = message;
    if (!text.includes(`<@${world.bot.user}>`)) return undefined;
    const event = {
      type: 'app_mention',
      user,
      text,
      ts,
      channel,
      team: world.users.get(user)?.team,
      client_msg_id: world.id('M'),
      ...(thread_ts !== undefined && { thread_ts }),
      event_ts: ts,
      ...more,
    };
    return tell(event, channel);
  }

  const say: WriteAndReact['say'] = async (typed, { user, channel, thread }) => {
    const text = encoded(typed);
    const message = storeMessage(world, { channel, user: user.id, text, thread_ts: thread?.thread_ts ?? thread?.ts });
    world.signal.touch();
    const told = tellMention(message);
    return told === undefined ? { message } : { message, ack: await told };
  };
  return {
    say,
    mention: (typed, where) => say(`@${world.bot.name} ${typed}`.trim(), where),
    editMention: async (message, typed) => {
      message.text = encoded(`@${world.bot.name} ${typed}`);
      world.signal.touch();
      return await tellMention(message, { edited: { user: message.user, ts: world.nextTs() } });
    },
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
