import { takeBack } from '../routes/reaction-routes.ts';
import { addMessage, tellDeleted, tellReaction } from '../tell-message.ts';
import type { Channel, Guild, Message, User } from '../world.ts';
import { makeMessage } from '../write-message.ts';
import type { Shown, Stage } from './interact.ts';
import { submitModal } from './submit-modal.ts';
import { typeCommand, typeOption, type OptionValues } from './type-command.ts';
import { choose, pressButton } from './use-component.ts';

/** Somebody on Discord. */
export interface Person {
  id: string;
  /** `discord:123…` */
  reference: string;
  user: User;
  /** `claude schedule`, with its options. In the server's first channel, where none is named. */
  command: (words: string, options?: OptionValues, channel?: Channel) => Promise<Shown>;
  /** What is offered for the option `focused` with what is typed so far. */
  complete: (words: string, focused: string, options?: OptionValues, channel?: Channel) => Promise<Shown['choices']>;
  /** By label or custom id; the message may be an ephemeral one that this person was shown. */
  press: (message: Message, button: string) => Promise<Shown>;
  choose: (message: Message, values: string[], customId?: string) => Promise<Shown>;
  submit: (modal: Shown, fields?: Record<string, string | string[]>) => Promise<Shown>;
  react: (message: Message, emoji: string) => void;
  unreact: (message: Message, emoji: string) => void;
  /** With `to`, as an answer to that message, whose author is pinged. */
  say: (text: string, channel?: Channel, to?: Message) => Message;
  delete: (message: Message) => void;
  /** Roles by id, instead of those they have. */
  setRoles: (roles: string[], guild?: Guild) => void;
  leave: (guild?: Guild) => void;
  /** Takes no direct messages from now on. */
  closeDms: () => void;
}

interface Home {
  guild: Guild;
  channel: Channel;
}

export function createPerson(stage: Stage, user: User, home: () => Home): Person {
  const { world } = stage;
  const channelOf = (message: Message): Channel => {
    const channel = world.channels.get(message.channel_id);
    if (!channel) throw new Error('the channel of the message is not there any more');
    return channel;
  };
  const reacted = (message: Message, emoji: string, change: 'ADD' | 'REMOVE') =>
    tellReaction(world, change, channelOf(message), message, emoji, user.id);
  return {
    id: user.id,
    reference: `discord:${user.id}`,
    user,
    command: (words, options = {}, channel = home().channel) => typeCommand(stage, { user, channel, words, options }),
    async complete(words, focused, options = {}, channel = home().channel) {
      const shown = await typeOption(stage, { user, channel, words, options }, focused);
      return shown.choices;
    },
    press: (message, button) => pressButton(stage, user, channelOf(message), message, button),
    choose: (message, values, customId) => choose(stage, user, channelOf(message), message, values, customId),
    submit: (modal, fields = {}) => submitModal(stage, modal, fields),
    react(message, emoji) {
      const who = message.reactions.get(emoji) ?? new Set();
      if (who.has(user.id)) return;
      message.reactions.set(emoji, who.add(user.id));
      reacted(message, emoji, 'ADD');
    },
    unreact(message, emoji) {
      if (takeBack(message, emoji, user.id)) reacted(message, emoji, 'REMOVE');
    },
    say(text, channel = home().channel, to) {
      const reference = to && { message_reference: { message_id: to.id, channel_id: channel.id } };
      const message = makeMessage(world, channel, { content: text, ...reference }, [], { author: user });
      if (to && !message.pinged.includes(to.author.id)) message.pinged.push(to.author.id);
      addMessage(world, channel, message);
      return message;
    },
    delete(message) {
      const channel = channelOf(message);
      channel.messages.delete(message.id);
      tellDeleted(world, channel, message.id);
    },
    setRoles(roles, guild = home().guild) {
      const member = guild.members.get(user.id);
      if (member) member.roles = roles;
    },
    leave: (guild = home().guild) => void guild.members.delete(user.id),
    closeDms: () => void world.closedDms.add(user.id),
  };
}
