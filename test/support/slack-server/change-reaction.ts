import { SlackFailure } from './slack-failure.ts';
import type { Json, SlackMessage } from './slack-types.ts';
import type { World } from './world.ts';

/** Puts a reaction on a message or takes it back, and gives the event that says so. */
export function changeReaction(
  world: World,
  change: 'added' | 'removed',
  message: SlackMessage,
  name: string,
  user: string,
): Json {
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new SlackFailure('invalid_name');
  const there = message.reactions.find((one) => one.name === name);
  if (change === 'added') {
    if (there?.users.includes(user) === true) throw new SlackFailure('already_reacted');
    if (there === undefined) message.reactions.push({ name, users: [user] });
    else there.users.push(user);
  } else {
    if (there?.users.includes(user) !== true) throw new SlackFailure('no_reaction');
    there.users = there.users.filter((one) => one !== user);
    message.reactions = message.reactions.filter(({ users }) => users.length > 0);
  }
  return {
    type: `reaction_${change}`,
    user,
    reaction: name,
    item: { type: 'message', channel: message.channel, ts: message.ts },
    item_user: message.user,
    event_ts: world.nextTs(),
  };
}
