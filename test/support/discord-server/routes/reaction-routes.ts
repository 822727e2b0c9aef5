import { apiFault } from '../api-fault.ts';
import { channelOf, messageOf, noContent, ok, type Answer, type Call, type Route } from '../call.ts';
import { demand } from '../permissions.ts';
import { tellReaction } from '../tell-message.ts';
import { viewEmoji, viewUser } from '../views.ts';
import type { Message } from '../world.ts';

const path = '/channels/:channel/messages/:message/reactions';

export const reactionRoutes: Route[] = [
  { method: 'PUT', path: `${path}/:emoji/@me`, handle: put },
  { method: 'DELETE', path: `${path}/:emoji/@me`, handle: (call) => remove(call, call.world.bot.id) },
  { method: 'DELETE', path: `${path}/:emoji/:user`, handle: removeOther },
  { method: 'GET', path: `${path}/:emoji`, handle: list },
  { method: 'DELETE', path: `${path}/:emoji`, handle: removeAll },
  { method: 'DELETE', path, handle: removeAll },
];

/** `🔁`, or `name:id` of a guild's own. */
function emojiOf({ params }: Call): string {
  const key = params['emoji'] ?? '';
  if (!/^\w+:\d+$/.test(key) && !/^\p{RGI_Emoji}$/v.test(withSelector(key))) throw apiFault('unknownEmoji');
  return key;
}

// `⚙` and `⚙️` are the same; only the longer one is called an emoji.
const withSelector = (key: string): string =>
  /^\p{Emoji}$/u.test(key) && !/^[\d#*]$/.test(key) && !/^\p{RGI_Emoji}$/v.test(key) ? `${key}\uFE0F` : key;

function put(call: Call): Answer {
  const { world } = call;
  const channel = channelOf(call);
  const key = emojiOf(call);
  demand(world, channel, 'readMessageHistory');
  const message = messageOf(call);
  if (channel.thread?.archived) throw apiFault('archivedThread');
  // A reaction that is there may be joined without the permission to add new ones.
  if (!message.reactions.has(key)) demand(world, channel, 'addReactions');
  if (!message.reactions.has(key) && message.reactions.size >= 20) throw apiFault('tooManyReactions');
  const who = message.reactions.get(key) ?? new Set();
  if (who.has(world.bot.id)) return noContent;
  message.reactions.set(key, who.add(world.bot.id));
  tellReaction(world, 'ADD', channel, message, key, world.bot.id);
  return noContent;
}

function remove(call: Call, userId: string): Answer {
  const { world } = call;
  const channel = channelOf(call);
  const key = emojiOf(call);
  demand(world, channel);
  const message = messageOf(call);
  if (channel.thread?.archived) throw apiFault('archivedThread');
  if (takeBack(message, key, userId)) tellReaction(world, 'REMOVE', channel, message, key, userId);
  return noContent;
}

/** Whether it was there. */
export function takeBack(message: Message, key: string, userId: string): boolean {
  const who = message.reactions.get(key);
  const was = who?.delete(userId) ?? false;
  if (who?.size === 0) message.reactions.delete(key);
  return was;
}

function removeOther(call: Call): Answer {
  demand(call.world, channelOf(call), 'manageMessages');
  return remove(call, call.params['user'] ?? '');
}

function removeAll(call: Call): Answer {
  const { world, params } = call;
  const channel = channelOf(call);
  demand(world, channel, 'manageMessages');
  const message = messageOf(call);
  const one = params['emoji'] === undefined ? undefined : emojiOf(call);
  const ids = { channel_id: channel.id, message_id: message.id, guild_id: channel.guildId };
  if (one === undefined) message.reactions.clear();
  else message.reactions.delete(one);
  world.tell({
    name: one === undefined ? 'MESSAGE_REACTION_REMOVE_ALL' : 'MESSAGE_REACTION_REMOVE_EMOJI',
    guildId: channel.guildId,
    intent: 1 << 10,
    data: () => ({ ...ids, ...(one !== undefined && { emoji: viewEmoji(one) }) }),
  });
  return noContent;
}

function list(call: Call): Answer {
  demand(call.world, channelOf(call), 'readMessageHistory');
  const limit = Number(call.query.get('limit') ?? 25);
  const after = call.query.get('after') ?? '0';
  const who = [...(messageOf(call).reactions.get(emojiOf(call)) ?? [])].filter((id) => BigInt(id) > BigInt(after));
  return ok(
    who
      .slice(0, limit)
      .flatMap((id) => call.world.users.get(id) ?? [])
      .map(viewUser),
  );
}
