import { apiFault } from '../api-fault.ts';
import { channelOf, messageOf, type Answer, type Call, type Route } from '../call.ts';
import { demand } from '../permissions.ts';
import { createProblems } from '../rules/problems.ts';
import { checkChoice, checkText } from '../rules/read-json.ts';
import { addMessage, tellMessage, tellThread } from '../tell-message.ts';
import { viewChannel } from '../views.ts';
import type { Channel, Message, World } from '../world.ts';

const announcement = 5;
const [announcementThread, publicThread, privateThread] = [10, 11, 12];
const hasThreadFlag = 1 << 5;

export const threadRoutes: Route[] = [
  { method: 'POST', path: '/channels/:channel/messages/:message/threads', handle: startFromMessage },
  { method: 'POST', path: '/channels/:channel/threads', handle: startAlone },
];

export const archiveMinutes = [60, 1440, 4320, 10_080];

function startFromMessage(call: Call): Answer {
  const { world } = call;
  const channel = channelOf(call);
  demand(world, channel, 'createPublicThreads');
  const message = messageOf(call);
  if (channel.type !== 0 && channel.type !== announcement) throw apiFault('notInTextChannel');
  // The thread of a message outlives it, and so does this answer.
  if (message.hasThread) throw apiFault('threadAlreadyCreated');
  const thread = makeThread(
    call,
    channel,
    message.id,
    channel.type === announcement ? announcementThread : publicThread,
  );
  message.hasThread = true;
  message.flags |= hasThreadFlag;
  tellThread(world, 'THREAD_CREATE', thread);
  tellMessage(world, 'MESSAGE_UPDATE', channel, message);
  const reference = { type: 0, channel_id: channel.id, message_id: message.id, guild_id: channel.guildId };
  addMessage(world, thread, systemMessage(world, thread, 21, reference));
  return { status: 201, body: viewChannel(world, thread) };
}

function startAlone(call: Call): Answer {
  const { world, body } = call;
  const channel = channelOf(call);
  const type = Number(body['type'] ?? privateThread);
  demand(world, channel, type === privateThread ? 'createPrivateThreads' : 'createPublicThreads');
  if (channel.type !== 0 && channel.type !== announcement) throw apiFault('notInTextChannel');
  const thread = makeThread(call, channel, world.newId(), type);
  tellThread(world, 'THREAD_CREATE', thread);
  return { status: 201, body: viewChannel(world, thread) };
}

function makeThread({ world, body }: Call, parent: Channel, id: string, type: number): Channel {
  const problems = createProblems();
  checkText(body['name'], ['name'], problems, { min: 1, max: 100, isRequired: true });
  checkChoice(type, ['type'], problems, [announcementThread, publicThread, privateThread]);
  if (body['auto_archive_duration'] !== undefined && body['auto_archive_duration'] !== null)
    checkChoice(body['auto_archive_duration'], ['auto_archive_duration'], problems, archiveMinutes);
  problems.refuse();
  const thread: Channel = {
    id,
    type,
    guildId: parent.guildId,
    parentId: parent.id,
    name: String(body['name']).trim(),
    overwrites: [],
    ownerId: world.bot.id,
    thread: {
      archived: false,
      locked: false,
      auto_archive_duration: Number(body['auto_archive_duration'] ?? 1440),
      archive_timestamp: new Date(world.now()).toISOString(),
    },
    messages: new Map(),
  };
  world.channels.set(id, thread);
  return thread;
}

function systemMessage(world: World, channel: Channel, type: number, reference: Message['message_reference']): Message {
  return {
    id: world.newId(),
    channel_id: channel.id,
    type,
    author: world.bot,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    timestamp: new Date(world.now()).toISOString(),
    edited_timestamp: null,
    flags: 0,
    tts: false,
    pinged: [],
    message_reference: reference,
    reactions: new Map(),
    hasThread: false,
  };
}
