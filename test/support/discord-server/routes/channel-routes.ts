import { apiFault } from '../api-fault.ts';
import { channelOf, noContent, ok, type Answer, type Call, type Route } from '../call.ts';
import { intentBits } from '../intents.ts';
import { demand } from '../permissions.ts';
import { createProblems } from '../rules/problems.ts';
import { checkChoice, checkText } from '../rules/read-json.ts';
import { tellThread } from '../tell-message.ts';
import { viewChannel } from '../views.ts';
import type { Channel, World } from '../world.ts';
import { archiveMinutes } from './thread-routes.ts';

export const channelRoutes: Route[] = [
  { method: 'GET', path: '/channels/:channel', handle: get },
  { method: 'PATCH', path: '/channels/:channel', handle: patch },
  { method: 'DELETE', path: '/channels/:channel', handle: remove },
  { method: 'PUT', path: '/channels/:channel/thread-members/@me', handle: joinThread },
  { method: 'POST', path: '/users/@me/channels', handle: openDirect },
];

function get(call: Call): Answer {
  const channel = channelOf(call);
  demand(call.world, channel);
  return ok(viewChannel(call.world, channel));
}

/** Of a thread: its name, and whether it is archived and locked. Of a channel: its name. */
function patch(call: Call): Answer {
  const { world, body } = call;
  const channel = channelOf(call);
  const { thread } = channel;
  const problems = createProblems();
  checkText(body['name'], ['name'], problems, { min: 1, max: 100 });
  if (body['auto_archive_duration'] !== undefined)
    checkChoice(body['auto_archive_duration'], ['auto_archive_duration'], problems, archiveMinutes);
  problems.refuse();
  if (!thread) demand(world, channel, 'manageChannels');
  else if (body['locked'] !== undefined || (thread.locked && thread.archived)) demand(world, channel, 'manageThreads');
  else demand(world, channel, ...(channel.ownerId === world.bot.id ? [] : (['sendMessagesInThreads'] as const)));
  if (thread?.archived && body['archived'] !== false) throw apiFault('archivedThread');
  if (typeof body['name'] === 'string') channel.name = body['name'].trim();
  if (thread) {
    if (typeof body['archived'] === 'boolean') thread.archived = body['archived'];
    if (typeof body['locked'] === 'boolean') thread.locked = body['locked'];
    if (typeof body['auto_archive_duration'] === 'number') thread.auto_archive_duration = body['auto_archive_duration'];
    thread.archive_timestamp = new Date(world.now()).toISOString();
    tellThread(world, 'THREAD_UPDATE', channel);
  }
  return ok(viewChannel(world, channel));
}

function remove(call: Call): Answer {
  const { world } = call;
  const channel = channelOf(call);
  demand(world, channel, channel.thread ? 'manageThreads' : 'manageChannels');
  deleteChannel(world, channel);
  return ok(viewChannel(world, channel));
}

/** With its threads. */
export function deleteChannel(world: World, channel: Channel): void {
  world.channels.delete(channel.id);
  for (const other of world.channels.values()) if (other.parentId === channel.id) world.channels.delete(other.id);
  const { id, guildId, parentId, type } = channel;
  world.tell({
    name: channel.thread ? 'THREAD_DELETE' : 'CHANNEL_DELETE',
    guildId,
    intent: intentBits.guilds,
    data: () => (channel.thread ? { id, guild_id: guildId, parent_id: parentId, type } : viewChannel(world, channel)),
  });
}

function joinThread(call: Call): Answer {
  const channel = channelOf(call);
  demand(call.world, channel);
  if (!channel.thread) throw apiFault('notInTextChannel');
  if (channel.thread.archived) throw apiFault('archivedThread');
  return noContent;
}

/** The same channel each time. That somebody takes no messages shows at the first one. */
function openDirect({ world, body }: Call): Answer {
  const recipientId = String(body['recipient_id']);
  if (!world.users.has(recipientId)) throw apiFault('unknownUser');
  const existing = [...world.channels.values()].find((channel) => channel.recipientId === recipientId);
  if (existing) return ok(viewChannel(world, existing));
  const channel: Channel = {
    id: world.newId(),
    type: 1,
    name: null,
    overwrites: [],
    recipientId,
    messages: new Map(),
  };
  world.channels.set(channel.id, channel);
  return ok(viewChannel(world, channel));
}
