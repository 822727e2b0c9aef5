import { Routes, type APIMessage, type REST } from 'discord.js';
import { beforeEach, describe, expect, test } from 'vitest';

import type { DiscordServer } from '../support/discord-server/discord-server.ts';
import { permissionBits } from '../support/discord-server/permissions.ts';
import { openRest, openServer, refusalOf } from './bot.ts';

let server: DiscordServer;
let rest: REST;
let now = 1_800_000_000_000;
let messages: `/${string}`;
beforeEach(async () => {
  server = await openServer({ now: () => now });
  rest = openRest(server);
  messages = Routes.channelMessages(server.general.id);
});

const post = async (body: object) => (await rest.post(messages, { body })) as APIMessage;

const row = (...components: object[]) => ({ type: 1, components });
const button = (over: object = {}) => ({ type: 2, style: 2, label: 'Go', custom_id: 'go', ...over });
const embed = (over: object) => ({ embeds: [over] });
const many = (count: number, part: object) => Array.from({ length: count }, () => part);
const field = { name: 'n', value: 'v' };

describe('a body that Discord refuses is refused, with the place of the fault', () => {
  test.each<[string, object, string]>([
    ['content over 2,000', { content: 'x'.repeat(2001) }, 'content'],
    ['eleven embeds', { embeds: many(11, { title: 't' }) }, 'embeds'],
    ['6,001 in all embeds', { embeds: [4000, 2001].map((size) => ({ description: 'x'.repeat(size) })) }, 'embeds'],
    ['an embed title over 256', embed({ title: 'x'.repeat(257) }), 'embeds.0.title'],
    ['an embed description over 4,096', embed({ description: 'x'.repeat(4097) }), 'embeds.0.description'],
    ['26 fields', embed({ fields: many(26, field) }), 'embeds.0.fields'],
    ['a field name over 256', embed({ fields: [{ ...field, name: 'x'.repeat(257) }] }), 'embeds.0.fields.0.name'],
    ['a field value over 1,024', embed({ fields: [{ ...field, value: 'x'.repeat(1025) }] }), 'embeds.0.fields.0.value'],
    ['a field without a value', embed({ fields: [{ name: 'n', value: ' ' }] }), 'embeds.0.fields.0.value'],
    ['a colour beyond white', embed({ title: 't', color: 0x1000000 }), 'embeds.0.color'],
    ['six rows', { content: 'x', components: many(6, row(button())) }, 'components'],
    ['six buttons in a row', { content: 'x', components: [row(...many(6, button()))] }, 'components.0.components'],
    ['a row without a button', { content: 'x', components: [row()] }, 'components.0.components'],
    ['a button outside of a row', { content: 'x', components: [button()] }, 'components.0.type'],
    [
      'a custom id over 100',
      { content: 'x', components: [row(button({ custom_id: 'x'.repeat(101) }))] },
      'components.0.components.0.custom_id',
    ],
    [
      'a label over 80',
      { content: 'x', components: [row(button({ label: 'x'.repeat(81) }))] },
      'components.0.components.0.label',
    ],
    [
      'one custom id twice',
      { content: 'x', components: [row(button(), button())] },
      'components.0.components.1.custom_id',
    ],
    [
      'a button with a url',
      { content: 'x', components: [row(button({ url: 'https://a.example' }))] },
      'components.0.components.0.url',
    ],
    [
      'a link without one',
      { content: 'x', components: [row({ type: 2, style: 5, label: 'l' })] },
      'components.0.components.0.url',
    ],
    ['a nonce over 25', { content: 'x', nonce: 'x'.repeat(26) }, 'nonce'],
    [
      'mentions both parsed and listed',
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      'allowed_mentions',
    ],
    ['an answer to no message', { content: 'x', message_reference: { message_id: '1' } }, 'message_reference'],
    ['an attachment that did not come', { content: 'x', attachments: [{ id: 0, filename: 'a' }] }, 'attachments.0.id'],
  ])('%s', async (_, body, path) => {
    const { code, paths } = await refusalOf(post(body));
    expect([code, paths]).toEqual([50_035, expect.arrayContaining([path])]);
    expect(server.messagesIn(server.general)).toEqual([]);
  });

  test('one at the limits is taken', async () => {
    const fields = Array.from({ length: 25 }, () => field);
    await post({
      content: 'x'.repeat(2000),
      embeds: [{ title: 'x'.repeat(256), description: 'x'.repeat(4096), fields }],
      components: Array.from({ length: 5 }, (_, line) =>
        row(
          ...Array.from({ length: 5 }, (_, place) => button({ custom_id: `${line}-${place}`, label: 'x'.repeat(80) })),
        ),
      ),
    });
    expect(server.messagesIn(server.general)).toHaveLength(1);
  });

  test('an empty one', async () => {
    expect(await refusalOf(post({ content: ' ' }))).toMatchObject({ code: 50_006 });
  });
});

describe('a nonce', () => {
  const body = { content: 'x', nonce: 'r142', enforce_nonce: true };

  test('that is enforced gives the first message back for some minutes', async () => {
    const first = await post(body);
    now += 4 * 60_000;
    expect((await post(body)).id).toBe(first.id);
    now += 2 * 60_000;
    expect((await post(body)).id).not.toBe(first.id);
    expect(server.messagesIn(server.general)).toHaveLength(2);
  });

  test('that is not enforced means nothing', async () => {
    await post({ ...body, enforce_nonce: false });
    await post({ ...body, enforce_nonce: false });
    expect(server.messagesIn(server.general)).toHaveLength(2);
  });
});

describe('who is pinged', () => {
  test.each<[string, { parse: string[]; users?: string[] } | undefined, string[]]>([
    ['everybody named, where nothing is said', undefined, ['ada', 'role', 'everyone']],
    ['nobody, where nothing is parsed', { parse: [] }, []],
    ['who is listed', { parse: [], users: ['ada'] }, ['ada']],
  ])('%s', async (_, allowed, expected) => {
    const ids: Record<string, string> = {
      ada: server.addPerson('ada').id,
      role: server.addRole('ops').id,
      everyone: 'everyone',
    };
    const listed = allowed?.users?.map((name) => ids[name]);
    await post({
      content: `<@${ids['ada']}> <@&${ids['role']}> @everyone`,
      ...(allowed && { allowed_mentions: { ...allowed, ...(listed && { users: listed }) } }),
    });
    expect(server.messagesIn(server.general)[0]?.pinged).toEqual(expected.map((name) => ids[name]));
  });
});

describe('files', () => {
  const file = (name: string, data: string | Buffer) => ({ name, data: Buffer.from(data) });

  test('are stored and can be fetched', async () => {
    const sent = (await rest.post(messages, {
      body: { content: 'x' },
      files: [file('a log.txt', 'lines')],
    })) as APIMessage;
    const [attachment] = sent.attachments;
    expect(attachment).toMatchObject({ filename: 'a_log.txt', size: 5 });
    expect(await (await fetch(attachment?.url ?? '')).text()).toBe('lines');
  });

  test('over 10 MiB are refused', async () => {
    const files = [file('big', Buffer.alloc(10 * 1024 * 1024 + 1))];
    expect(await refusalOf(rest.post(messages, { files }))).toMatchObject({ code: 40_005 });
  });

  test('that an edit does not list are taken away', async () => {
    const sent = (await rest.post(messages, { files: [file('a', 'a'), file('b', 'b')] })) as APIMessage;
    const [, kept] = sent.attachments;
    const edited = await rest.patch(Routes.channelMessage(server.general.id, sent.id), {
      body: { attachments: [{ id: kept?.id }] },
    });
    expect((edited as APIMessage).attachments.map(({ filename }) => filename)).toEqual(['b']);
  });
});

describe('an edit', () => {
  test('keeps what it does not name, and pings nobody', async () => {
    const { id } = await post({ content: 'x', embeds: [{ title: 't' }] });
    const ada = server.addPerson('ada');
    await rest.patch(Routes.channelMessage(server.general.id, id), { body: { content: `<@${ada.id}>` } });
    expect(server.messagesIn(server.general)).toMatchObject([{ embeds: [{ title: 't' }], pinged: [] }]);
  });

  test('of what is not there, or of what another wrote, is refused', async () => {
    const other = server.addPerson('ada').say('mine');
    const edit = (id: string) => rest.patch(Routes.channelMessage(server.general.id, id), { body: { content: 'x' } });
    expect(await refusalOf(edit('123'))).toMatchObject({ code: 10_008 });
    expect(await refusalOf(edit(other.id))).toMatchObject({ code: 50_005 });
  });
});

test('pages of messages are newest first', async () => {
  const ids: string[] = [];
  for (const content of ['a', 'b', 'c', 'd', 'e']) ids.push((await post({ content })).id);
  const page = async (query: Record<string, string>) => {
    const found = (await rest.get(messages, { query: new URLSearchParams(query) })) as APIMessage[];
    return found.map(({ content }) => content).join('');
  };
  const c = ids[2] ?? '';
  expect(await page({})).toBe('edcba');
  expect(await page({ limit: '2' })).toBe('ed');
  expect(await page({ after: c, limit: '1' })).toBe('d');
  expect(await page({ before: c, limit: '1' })).toBe('b');
  expect(await page({ around: c, limit: '3' })).toBe('dcb');
  expect(await refusalOf(page({ limit: '101' }))).toMatchObject({ code: 50_035, paths: ['limit'] });
});

describe('without the permission', () => {
  const { viewChannel, sendMessages, attachFiles, embedLinks, addReactions } = permissionBits;
  const channelWithout = (deny: bigint) =>
    server.addChannel('tight', [{ id: server.guild.id, type: 0, allow: 0n, deny }]).id;

  test.each<[string, bigint, number]>([
    ['to see the channel', viewChannel, 50_001],
    ['to send', sendMessages, 50_013],
    ['to attach', attachFiles, 50_013],
  ])('%s a message with a file is refused', async (_, deny, code) => {
    const path = Routes.channelMessages(channelWithout(deny));
    expect(await refusalOf(rest.post(path, { files: [{ name: 'a', data: 'a' }] }))).toMatchObject({ code });
  });

  test('to embed, embeds are left out without a word', async () => {
    const id = channelWithout(embedLinks);
    await rest.post(Routes.channelMessages(id), { body: { content: 'x', embeds: [{ title: 't' }] } });
    expect(server.messagesIn(id)).toMatchObject([{ content: 'x', embeds: [] }]);
  });

  test('to react, a new reaction is refused, and one that is there can be joined', async () => {
    const id = channelWithout(addReactions);
    const sent = (await rest.post(Routes.channelMessages(id), { body: { content: 'x' } })) as APIMessage;
    const react = () => rest.put(Routes.channelMessageOwnReaction(id, sent.id, encodeURIComponent('🔁')));
    expect(await refusalOf(react())).toMatchObject({ code: 50_013 });
    const [message] = server.messagesIn(id);
    if (message) server.addPerson('ada').react(message, '🔁');
    await react();
    expect(message?.reactions.get('🔁')?.size).toBe(2);
  });
});

test('direct messages go to one channel a person, and not to somebody who takes none', async () => {
  const ada = server.addPerson('ada');
  const open = async () =>
    (await rest.post(Routes.userChannels(), { body: { recipient_id: ada.id } })) as { id: string };
  const { id } = await open();
  expect((await open()).id).toBe(id);
  await rest.post(Routes.channelMessages(id), { body: { content: 'x' } });
  ada.closeDms();
  const again = rest.post(Routes.channelMessages(id), { body: { content: 'y' } });
  expect(await refusalOf(again)).toMatchObject({ code: 50_007 });
});
