import { apiFault } from '../api-fault.ts';
import { channelOf, messageOf, noContent, ok, type Answer, type Call, type Route } from '../call.ts';
import { demand, type PermissionName } from '../permissions.ts';
import { allowedIntents } from '../intents.ts';
import { createProblems } from '../rules/problems.ts';
import { isJson, listOf } from '../rules/read-json.ts';
import { isSnowflake } from '../snowflake.ts';
import { addMessage, tellDeleted, tellMessage } from '../tell-message.ts';
import { viewMessage } from '../views.ts';
import type { Channel, Message, World } from '../world.ts';
import { changeMessage, checkEditedFlags, makeMessage } from '../write-message.ts';

export const messageRoutes: Route[] = [
  { method: 'POST', path: '/channels/:channel/messages', handle: post },
  { method: 'GET', path: '/channels/:channel/messages', handle: list },
  { method: 'GET', path: '/channels/:channel/messages/:message', handle: get },
  { method: 'PATCH', path: '/channels/:channel/messages/:message', handle: patch },
  { method: 'DELETE', path: '/channels/:channel/messages/:message', handle: remove },
  { method: 'POST', path: '/channels/:channel/typing', handle: typing },
];

/** How long Discord remembers a nonce: "a few minutes". */
const nonceMs = 5 * 60_000;

/** Categories, directories, forums and media channels. */
const withoutMessages = [4, 14, 15, 16];

function post(call: Call): Answer {
  const { world, body, uploads } = call;
  const channel = channelOf(call);
  const needed: PermissionName[] = [channel.thread ? 'sendMessagesInThreads' : 'sendMessages'];
  if (uploads.length > 0) needed.push('attachFiles');
  demand(world, channel, ...needed);
  if (channel.recipientId !== undefined && world.closedDms.has(channel.recipientId)) throw apiFault('cannotSendToUser');
  if (withoutMessages.includes(channel.type)) throw apiFault('notForMessages');
  if (channel.thread?.locked && !may(world, channel, 'manageThreads')) throw apiFault('threadLocked');
  const nonceKey = String(body['nonce']);
  const known = body['enforce_nonce'] === true && body['nonce'] !== undefined && world.nonces.get(nonceKey);
  if (known && world.now() - known.at < nonceMs) return ok(viewMessage(world, known.message, 0));
  checkReference(call, channel);
  const message = makeMessage(world, channel, body, uploads, { author: world.bot });
  // Without the permission embeds are left out, and nothing is said.
  if (!may(world, channel, 'embedLinks')) message.embeds = [];
  if (body['nonce'] !== undefined) world.nonces.set(nonceKey, { message, at: world.now() });
  addMessage(world, channel, message);
  return ok(viewMessage(world, message, 0));
}

function may(world: World, channel: Channel, name: PermissionName): boolean {
  try {
    demand(world, channel, name);
    return true;
  } catch {
    return false;
  }
}

function checkReference({ body }: Call, channel: Channel): void {
  const reference = body['message_reference'];
  if (!isJson(reference) || reference['fail_if_not_exists'] === false) return;
  if (channel.messages.has(String(reference['message_id']))) return;
  const problems = createProblems();
  problems.add(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  problems.refuse();
}

/** Newest first, whatever the page begins with. */
function list(call: Call): Answer {
  const { world, query } = call;
  const channel = channelOf(call);
  demand(world, channel);
  // Without it there is nothing to read, which is no error.
  if (!may(world, channel, 'readMessageHistory')) return ok([]);
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    const problems = createProblems();
    problems.add(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
    problems.refuse();
  }
  checkCursors(query);
  const page = pageOf([...channel.messages.values()], query, limit);
  return ok(page.reverse().map((message) => viewMessage(world, message, allowedIntents(world))));
}

function checkCursors(query: URLSearchParams): void {
  const problems = createProblems();
  for (const key of ['after', 'before', 'around']) {
    const id = query.get(key);
    if (id !== null && !isSnowflake(id)) problems.add([key], 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`);
  }
  problems.refuse();
}

function pageOf(messages: Message[], query: URLSearchParams, limit: number): Message[] {
  const [after, before, around] = ['after', 'before', 'around'].map((key) => query.get(key));
  const isOlder = (id: string) => (message: Message) => BigInt(message.id) < BigInt(id);
  const isNewer = (id: string) => (message: Message) => BigInt(message.id) > BigInt(id);
  if (around) {
    const half = Math.floor(limit / 2);
    const here = messages.filter(({ id }) => id === around);
    return [
      ...messages.filter(isOlder(around)).slice(-half),
      ...here,
      ...messages.filter(isNewer(around)).slice(0, half),
    ];
  }
  if (after) return messages.filter(isNewer(after)).slice(0, limit);
  return (before ? messages.filter(isOlder(before)) : messages).slice(-limit);
}

function get(call: Call): Answer {
  demand(call.world, channelOf(call), 'readMessageHistory');
  return ok(viewMessage(call.world, messageOf(call), allowedIntents(call.world)));
}

function patch(call: Call): Answer {
  const { world, body, uploads } = call;
  checkEditedFlags(body);
  const channel = channelOf(call);
  demand(world, channel);
  const message = messageOf(call);
  if (message.author.id !== world.bot.id) throw apiFault('anotherAuthor');
  if (channel.thread?.archived) throw apiFault('archivedThread');
  if (uploads.length > 0 || listOf(body['attachments']).length > message.attachments.length)
    demand(world, channel, 'attachFiles');
  changeMessage(world, message, body, uploads);
  if (!may(world, channel, 'embedLinks')) message.embeds = [];
  tellMessage(world, 'MESSAGE_UPDATE', channel, message);
  return ok(viewMessage(world, message, 0));
}

function remove(call: Call): Answer {
  const { world } = call;
  const channel = channelOf(call);
  demand(world, channel);
  const message = messageOf(call);
  if (message.author.id !== world.bot.id) demand(world, channel, 'manageMessages');
  if (channel.thread?.archived) throw apiFault('archivedThread');
  channel.messages.delete(message.id);
  tellDeleted(world, channel, message.id);
  return noContent;
}

function typing(call: Call): Answer {
  demand(call.world, channelOf(call), 'sendMessages');
  return noContent;
}
