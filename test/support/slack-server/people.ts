import type { Act, Acts } from './act.ts';
import { messageJson } from './message-json.ts';
import { buttonOf } from './find-button.ts';
import type { EphemeralMessage, Json, SlackChannel, SlackMessage, SlackUser } from './slack-types.ts';
import { encodeTyped } from './typed-text.ts';
import type { World } from './world.ts';

export interface PersonIn {
  user: SlackUser;
  channel: SlackChannel;
}

export interface People {
  /** Types a slash command into a channel: `slash('/claude', 'list', …)`. `raw` leaves the text as an app would get it. */
  slash(command: string, typed: string, where: PersonIn & { raw?: boolean }): Promise<Act>;
  /** Presses the button with this `action_id` or these words on a message; a `confirm` counts as confirmed. */
  clickButton(message: SlackMessage | EphemeralMessage, button: string, user: SlackUser): Promise<Act>;
}

const isEphemeral = (message: SlackMessage | EphemeralMessage): message is EphemeralMessage => 'via' in message;

/** What every payload about a person has. */
export const personJson = (world: World, user: SlackUser): Json => ({
  user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
  team: { id: world.team, domain: 'home' },
  api_app_id: world.bot.app,
  token: 'verification',
  enterprise: null,
  is_enterprise_install: false,
});

export function createPeople(world: World, acts: Acts, origin: () => string): People {
  return {
    slash: async (command, typed, { user, channel, raw = false }) => {
      const started = acts.start({ user: user.id, channel: channel.id });
      return await acts.send(started, 'slash_commands', {
        token: 'verification',
        team_id: world.team,
        team_domain: 'home',
        channel_id: channel.id,
        channel_name:
          channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name,
        user_id: user.id,
        user_name: user.name,
        command,
        text: raw ? typed : encodeTyped(world, typed),
        api_app_id: world.bot.app,
        is_enterprise_install: 'false',
        response_url: `${origin()}${started.responsePath}`,
        trigger_id: started.trigger_id,
      });
    },
    clickButton: async (message, button, user) => {
      const { element, block } = buttonOf(message.blocks, button);
      const started = acts.start({ user: user.id, channel: message.channel, source: message });
      const channel = world.channels.get(message.channel);
      const hidden = isEphemeral(message);
      return await acts.send(started, 'interactive', {
        type: 'block_actions',
        ...personJson(world, user),
        container: {
          type: 'message',
          message_ts: message.ts,
          channel_id: message.channel,
          is_ephemeral: hidden,
          ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
        },
        trigger_id: started.trigger_id,
        channel: { id: message.channel, name: channel?.kind === 'im' ? 'directmessage' : channel?.name },
        // The text of a message that one person alone sees is not sent.
        ...(!hidden && { message: messageJson(world, message) }),
        state: { values: {} },
        response_url: `${origin()}${started.responsePath}`,
        actions: [{ ...element, block_id: block.block_id, action_ts: world.nextTs() }],
      });
    },
  };
}
