import { Routes, type REST } from 'discord.js';
import { beforeEach, expect, test } from 'vitest';

import type { DiscordServer } from '../support/discord-server/discord-server.ts';
import type { Message } from '../support/discord-server/world.ts';
import { openRest, openServer, refusalOf } from './bot.ts';

let server: DiscordServer;
let rest: REST;
let message: Message;
beforeEach(async () => {
  server = await openServer();
  rest = openRest(server);
  message = server.addPerson('ada').say('a subject');
});

const start = (body: object = { name: 'r142' }) => rest.post(Routes.threads(server.general.id, message.id), { body });
const reply = (content: string) => rest.post(Routes.channelMessages(message.id), { body: { content } });

test('a message has one thread, with its own id', async () => {
  expect(await start()).toMatchObject({ id: message.id, parent_id: server.general.id, type: 11 });
  expect(server.threadOf(message).name).toBe('r142');
  expect(await refusalOf(start())).toMatchObject({ code: 160_004 });
});

test('a thread without a message has an id of its own', async () => {
  const thread = (await rest.post(Routes.threads(server.general.id), { body: { name: 'alone', type: 11 } })) as {
    id: string;
  };
  await rest.post(Routes.channelMessages(thread.id), { body: { content: 'x' } });
  expect(server.messagesIn(thread.id)).toHaveLength(1);
});

test.each<[string, object, string]>([
  ['a name over 100', { name: 'x'.repeat(101) }, 'name'],
  ['no name', { name: '' }, 'name'],
  ['another time until it is archived', { name: 'x', auto_archive_duration: 61 }, 'auto_archive_duration'],
])('%s is refused', async (_, body, path) => {
  expect(await refusalOf(start(body))).toEqual({ code: 50_035, paths: [path] });
});

test('a post wakes an archived thread; edits and reactions there are refused until then', async () => {
  await start();
  const sent = (await reply('before')) as { id: string };
  const thread = server.threadOf(message);
  server.archive(thread);
  const edit = () => rest.patch(Routes.channelMessage(thread.id, sent.id), { body: { content: 'after' } });
  const react = () => rest.put(Routes.channelMessageOwnReaction(thread.id, sent.id, encodeURIComponent('🔁')));
  expect(await refusalOf(edit())).toMatchObject({ code: 50_083 });
  expect(await refusalOf(react())).toMatchObject({ code: 50_083 });
  await reply('after');
  expect(thread.thread?.archived).toBe(false);
  await edit();
  await react();
});

test('an archived thread is woken by its channel being changed, but not a locked one', async () => {
  await start();
  const thread = server.threadOf(message);
  const wake = () => rest.patch(Routes.channel(thread.id), { body: { archived: false } });
  server.archive(thread);
  await wake();
  expect(thread.thread?.archived).toBe(false);
  server.archive(thread, true);
  expect(await refusalOf(reply('x'))).toMatchObject({ code: 160_005 });
  expect(await refusalOf(wake())).toMatchObject({ code: 50_013 });
});

test('a deleted thread, or its channel, is unknown; a deleted message leaves its thread', async () => {
  await start();
  server.deleteMessage(message);
  await reply('still here');
  server.deleteChannel(server.general);
  expect(await refusalOf(reply('x'))).toMatchObject({ code: 10_003 });
});

test('the listing of a thread begins with the message that it was made from, as Discord shows it', async () => {
  await start();
  await reply('first');
  const listed = (await rest.get(Routes.channelMessages(message.id))) as { type: number }[];
  expect(listed.map(({ type }) => type)).toEqual([0, 21]);
  expect(server.messagesIn(message.id).map(({ content }) => content)).toEqual(['first']);
});

test('reactions are kept by emoji and person, twenty at most, and words are none', async () => {
  const path = (emoji: string) =>
    Routes.channelMessageOwnReaction(server.general.id, message.id, encodeURIComponent(emoji));
  await rest.put(path('🔁'));
  await rest.put(path('🔁'));
  expect(message.reactions.get('🔁')?.size).toBe(1);
  expect(
    await rest.get(Routes.channelMessageReaction(server.general.id, message.id, encodeURIComponent('🔁'))),
  ).toMatchObject([{ id: server.world.bot.id }]);
  await rest.delete(path('🔁'));
  expect(message.reactions.size).toBe(0);
  expect(await refusalOf(rest.put(path('retry')))).toMatchObject({ code: 10_014 });
  for (let index = 0; index < 20; index += 1) await rest.put(path(String.fromCodePoint(0x1f600 + index)));
  expect(await refusalOf(rest.put(path('🔁')))).toMatchObject({ code: 30_010 });
});
