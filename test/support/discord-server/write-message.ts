import { apiFault } from './api-fault.ts';
import { attach } from './attach.ts';
import { findPings, readAllowedMentions } from './pings.ts';
import type { Upload } from './read-body.ts';
import { checkAllowedMentions } from './rules/check-allowed-mentions.ts';
import { checkComponents } from './rules/check-components.ts';
import { checkEmbeds } from './rules/check-embeds.ts';
import { createProblems } from './rules/problems.ts';
import { checkText, isJson, listOf, textOf, type Json } from './rules/read-json.ts';
import type { Channel, Message, User, World } from './world.ts';

/** The type of a message that answers another. */
const reply = 19;
const isComponentsV2 = 1 << 15;

/** What a bot may send in a message, checked: throws 50035 with each fault at its path, 50006 for an empty one. */
function checkMessage(body: Json): void {
  const problems = createProblems();
  checkText(body['content'], ['content'], problems, { max: 2000 });
  checkEmbeds(body['embeds'], problems);
  checkComponents(body['components'], problems);
  checkAllowedMentions(body['allowed_mentions'], problems);
  const nonce = body['nonce'];
  if (nonce !== undefined && nonce !== null && typeof nonce !== 'number')
    checkText(nonce, ['nonce'], problems, { max: 25 });
  if (typeof body['flags'] === 'number' && body['flags'] & isComponentsV2)
    problems.add(['flags'], 'BASE_TYPE_INVALID', 'This server does not know components v2.');
  problems.refuse();
}

export interface MessageOrigin {
  author: User;
  type?: number;
  flags?: number;
  interaction?: Json;
}

/** Makes a message of a request's body. It is not in its channel yet. */
export function makeMessage(
  world: World,
  channel: Channel,
  body: Json,
  uploads: Upload[],
  origin: MessageOrigin,
): Message {
  checkMessage(body);
  const content = textOf(body['content']).trim();
  const embeds = listOf(body['embeds']).filter(isJson);
  const attachments = attach(world, channel.id, body, uploads, []);
  const components = listOf(body['components']).filter(isJson);
  if (!content && embeds.length + attachments.length + components.length === 0) throw apiFault('emptyMessage');
  const nonce = body['nonce'];
  return {
    id: world.newId(),
    channel_id: channel.id,
    type: origin.type ?? (isJson(body['message_reference']) ? reply : 0),
    author: origin.author,
    content,
    embeds: embeds.map((embed) => ({ type: 'rich', ...embed })),
    components: numbered(components),
    attachments,
    timestamp: new Date(world.now()).toISOString(),
    edited_timestamp: null,
    flags: (origin.flags ?? 0) | (Number(body['flags'] ?? 0) & ((1 << 2) | (1 << 12))),
    nonce: typeof nonce === 'string' || typeof nonce === 'number' ? nonce : undefined,
    tts: false,
    allowedMentions: readAllowedMentions(body['allowed_mentions']),
    pinged: findPings(world, channel, content, body['allowed_mentions']),
    message_reference: isJson(body['message_reference']) ? body['message_reference'] : undefined,
    interaction_metadata: origin.interaction,
    webhook_id: origin.interaction === undefined ? undefined : world.application.id,
    reactions: new Map(),
    hasThread: false,
  };
}

/** Of a message's flags an edit can only set whether it has previews, and its components' version. Throws 50035 for others. */
export function checkEditedFlags({ flags }: Json): void {
  const problems = createProblems();
  if (typeof flags === 'number' && (flags & ~((1 << 2) | isComponentsV2)) !== 0)
    problems.add(['flags'], 'MESSAGE_FLAGS_INVALID', 'An edit can not set these flags.');
  problems.refuse();
}

/** Changes what a body names; what it leaves out stays, and null empties. Nobody is pinged by an edit. */
export function changeMessage(world: World, message: Message, body: Json, uploads: Upload[]): void {
  checkMessage(body);
  const content = body['content'] === undefined ? message.content : textOf(body['content']).trim();
  const embeds = body['embeds'] === undefined ? message.embeds : listOf(body['embeds']).filter(isJson);
  const components = body['components'] === undefined ? message.components : listOf(body['components']).filter(isJson);
  const attachments = attach(world, message.channel_id, body, uploads, message.attachments);
  if (!content && embeds.length + attachments.length + components.length === 0) throw apiFault('emptyMessage');
  Object.assign(message, {
    content,
    embeds: embeds.map((embed) => ({ type: 'rich', ...embed })),
    components: numbered(components),
    attachments,
    edited_timestamp: new Date(world.now()).toISOString(),
  });
}

/** Discord numbers components that have no number of their own. */
function numbered(components: Json[]): Json[] {
  let count = 0;
  const number = (part: Json): Json => {
    count += 1;
    const id = part['id'] ?? count;
    const inner = part['components'];
    return { ...part, id, ...(Array.isArray(inner) && { components: inner.filter(isJson).map(number) }) };
  };
  return components.map(number);
}
