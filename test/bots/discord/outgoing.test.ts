import { gunzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';

import { ChatBusy, ChatRefusal, ChatUnreachable } from '../../../src/bots/chat-refusal.ts';
import { buttons, code, line, output, person } from '../../../src/model/message.ts';
import { outgoingOf, startOutgoing, status, tryAgain } from './outgoing-fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightdesk-discord-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, data: string | Buffer) {
  const path = join(folder, name);
  await writeFile(path, data);
  return { name, path };
}

test("a run's status message is posted as a card, edited in place, and its thread has the run's name", async () => {
  const { discord, outgoing, restart } = await startOutgoing({ pageUrl: 'https://desk.example' });
  const ref = await outgoing.post(outgoingOf(discord.general, status('⏳', 'attempt 1')));
  await outgoing.edit(ref, status('✅', 'succeeded'));
  const thread = await outgoing.post(
    outgoingOf(discord.general, [line('attempt 1 succeeded')], { key: 'run:1:result', thread: ref }),
  );
  // After a restart the thread is known by its message alone.
  await restart().post(outgoingOf(discord.general, [line('more')], { key: 'run:1:more', thread: ref }));
  const [message] = discord.messagesIn(discord.general);
  expect(message?.embeds).toMatchObject([
    { title: '✅ upgrade-deps r142', url: 'https://desk.example/runs/r142', description: 'succeeded' },
  ]);
  const place = discord.threadOf(message!);
  expect(place).toMatchObject({ name: 'upgrade-deps r142', thread: { auto_archive_duration: 1440 } });
  expect(discord.messagesIn(place).map(({ content }) => content)).toEqual(['attempt 1 succeeded', 'more']);
  expect(thread.startsWith(`${place.id}/`)).toBe(true);
  expect(discord.messagesIn(discord.general)).toHaveLength(1);
});

test('a thread that is made after a restart gets its name from the message', async () => {
  const { discord, outgoing, restart } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('⏳', 'attempt 1')));
  await restart().post(outgoingOf(discord.general, [line('attempt 1 ended')], { key: 'k', thread: ref }));
  expect(discord.threadOf(discord.messagesIn(discord.general)[0]!).name).toBe('upgrade-deps r142');
});

test('a thread that was made by a try whose answer was lost is the one', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('⏳', 'attempt 1')));
  discord.trouble({ on: 'POST /channels/:channel/messages/:message/threads', what: { kind: 'drop-answer' } });
  const message = outgoingOf(discord.general, [line('attempt 1 ended')], { key: 'k', thread: ref });
  await expect(outgoing.post(message)).rejects.toThrow("Discord can't be reached");
  await outgoing.post(tryAgain(message));
  expect(discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!))).toHaveLength(1);
});

test('a thread outlives its message', async () => {
  const { discord, outgoing, restart } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('⏳', 'attempt 1')));
  await outgoing.post(outgoingOf(discord.general, [line('one')], { key: '1', thread: ref }));
  const [parent] = discord.messagesIn(discord.general);
  const thread = discord.threadOf(parent!);
  discord.deleteMessage(parent!);
  await restart().post(outgoingOf(discord.general, [line('two')], { key: '2', thread: ref }));
  expect(discord.messagesIn(thread).map(({ content }) => content)).toEqual(['one', 'two']);
});

test('buttons are on the message, and the reactions of what they do', async () => {
  const { discord, outgoing, restart } = await startOutgoing();
  const running = [...status('⏳', 'runs'), buttons({ kind: 'cancel', target: 'r142' })];
  const ended = [
    ...status('❌', 'failed'),
    buttons({ kind: 'retry', target: 'r142' }, { kind: 'log', target: 'r142' }),
  ];
  const ref = await outgoing.post(outgoingOf(discord.general, running));
  await outgoing.idle();
  const [message] = discord.messagesIn(discord.general);
  expect([...message!.reactions.keys()]).toEqual(['🛑']);
  const later = restart();
  await later.edit(ref, ended);
  await later.idle();
  const now = discord.messagesIn(discord.general)[0]!;
  expect([...now.reactions].filter(([, who]) => who.size > 0).map(([emoji]) => emoji)).toEqual(['🔁']);
  expect(JSON.stringify(now.components)).toContain('nd:retry:r142');
  await later.edit(ref, ended);
  await later.idle();
  expect(discord.requests.filter(({ name }) => name.includes('reactions'))).toHaveLength(3);
});

test('a reaction that can not be set is in nobody’s way, and is tried again with the next edit', async () => {
  const { discord, outgoing, faults } = await startOutgoing();
  discord.trouble({
    on: 'PUT /channels/:channel/messages/:message/reactions/:emoji/@me',
    what: { kind: 'status', status: 403, body: { message: 'Missing Permissions', code: 50013 } },
  });
  const message = [...status('⏳', 'runs'), buttons({ kind: 'cancel', target: 'r142' })];
  const ref = await outgoing.post(outgoingOf(discord.general, message));
  await outgoing.idle();
  expect(faults).toHaveLength(1);
  await outgoing.edit(ref, message);
  await outgoing.idle();
  expect([...discord.messagesIn(discord.general)[0]!.reactions.keys()]).toEqual(['🛑']);
});

test('what a channel does not allow is a fault once in a while, however often a message is edited', async () => {
  const { discord, outgoing, faults } = await startOutgoing();
  const deny = (1n << 6n) | (1n << 14n);
  const bare = discord.addChannel('bare', [{ id: discord.guild.id, type: 0, allow: 0n, deny }]);
  const message = [...status('⏳', 'runs'), buttons({ kind: 'cancel', target: 'r142' })];
  const ref = await outgoing.post(outgoingOf(bare, message));
  for (let edit = 0; edit < 3; edit += 1) {
    await outgoing.idle();
    await outgoing.edit(ref, message);
  }
  await outgoing.idle();
  expect(faults.map(String).toSorted()).toEqual([
    'DiscordAPIError[50013]: Missing Permissions',
    'Error: Discord left out the card: allow nightdesk Embed Links',
  ]);
});

test('nobody is told of anything but the owner in a notification', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ada = discord.addPerson('ada');
  const role = discord.addRole('team');
  const ref = await outgoing.post(
    outgoingOf(discord.general, [line('@everyone ', person(ada.reference), ' ', person(`discord:role-${role.id}`))]),
  );
  const told = [line(person(ada.reference), ' @everyone ', person(`discord:role-${role.id}`), ' failed')];
  await outgoing.post(outgoingOf(discord.general, told, { key: 'a', thread: ref, mention: ada.reference }));
  await outgoing.post(outgoingOf(discord.general, [line('failed')], { key: 'b', thread: ref, mention: ada.reference }));
  await outgoing.post(outgoingOf(discord.general, [line('lost')], { key: 'c', mention: ada.reference }));
  await outgoing.post(outgoingOf(discord.general, [line('of the web')], { key: 'd', thread: ref, mention: 'web:ada' }));
  const [message, inChannel] = discord.messagesIn(discord.general);
  const inThread = discord.messagesIn(discord.threadOf(message!));
  expect(message?.pinged).toEqual([]);
  expect(inChannel?.pinged).toEqual([ada.id]);
  expect(inThread.map(({ pinged }) => pinged)).toEqual([[ada.id], [ada.id], []]);
  expect(inThread[1]?.content).toBe(`<@${ada.id}> failed`);
});

test('a person is written to directly, and one who takes no messages can not be reached', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ada = discord.addPerson('ada');
  const to = `discord:@${ada.id}`;
  await outgoing.post(outgoingOf(to, [line('r1 failed')], { mention: ada.reference }));
  await outgoing.post(outgoingOf(to, [line('r2 failed')], { key: 'b' }));
  expect(discord.requests.filter(({ name }) => name === 'POST /users/@me/channels')).toHaveLength(1);
  const direct = [...discord.world.channels.values()].find(({ recipientId }) => recipientId === ada.id);
  expect(discord.messagesIn(direct!).map(({ embeds }) => embeds[0]?.['description'])).toEqual([
    'r1 failed',
    'r2 failed',
  ]);
  ada.closeDms();
  const refused = outgoing.post(outgoingOf(to, [line('r3 failed')], { key: 'c' }));
  await expect(refused).rejects.toThrow(ChatUnreachable);
  await expect(refused).rejects.toThrow(/privacy settings/);
});

test('files are in the thread under their names; an empty one is not sent, one that is gone or unreadable is said', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  const attachments = [
    await file('attempt-1.log', 'the log'),
    await file('empty.log', ''),
    { name: 'gone.log', path: join(folder, 'gone.log') },
    // Stands for one on a broken part of the disk.
    { name: 'folder.log', path: folder },
    await file('changes.patch', 'the patch'),
  ];
  await outgoing.post(outgoingOf(discord.general, [line('the proof')], { key: 'r', thread: ref, attachments }));
  const [posted] = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  expect(posted?.attachments.map(({ filename }) => filename)).toEqual(['attempt-1.log', 'changes.patch']);
  expect(String(discord.world.files.get(posted!.attachments[0]!.id))).toBe('the log');
  expect(posted?.content.split('\n')).toEqual([
    'the proof',
    `\`gone.log\` is gone from the host: \`${join(folder, 'gone.log')}\``,
    `\`folder.log\` can't be read on the host: \`${folder}\``,
  ]);
});

test('a file over the limit is compressed, and where that is not enough its ends are sent with the place of the whole', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  const even = await file('even.log', 'the same line\n'.repeat(900_000));
  const noise = await file('noise.log', `first line\n${randomBytes(12 * 1024 * 1024).toString('base64')}\nlast line\n`);
  await outgoing.post(
    outgoingOf(discord.general, [line('logs')], { key: 'r', thread: ref, attachments: [even, noise] }),
  );
  const [posted] = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  const [compressed, ends] = posted!.attachments;
  expect(compressed?.filename).toBe('even.log.gz');
  expect(gunzipSync(discord.world.files.get(compressed!.id)!).length).toBe(14 * 900_000);
  expect(ends?.filename).toBe('noise.log');
  const shown = String(discord.world.files.get(ends!.id));
  expect(shown.length).toBeLessThan(1.1 * 1024 * 1024);
  expect(shown.startsWith('first line\n')).toBe(true);
  expect(shown.endsWith('\nlast line\n')).toBe(true);
  expect(shown).toContain(`The whole is ${noise.path} on the host.`);
  expect(posted?.content).toContain(noise.path);
});

test('files that are too much for one request follow in the next message', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  const data = randomBytes(9 * 1024 * 1024);
  const attachments = await Promise.all(['a.bin', 'b.bin', 'c.bin'].map((name) => file(name, data)));
  await outgoing.post(outgoingOf(discord.general, [line('files')], { key: 'r', thread: ref, attachments }));
  const posted = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  expect(posted.map((each) => each.attachments.length)).toEqual([2, 1]);
});

test('a server that takes no files of that size is told the text, with the names', async () => {
  const { discord, outgoing, faults } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  discord.trouble({
    on: 'POST /channels/:channel/messages',
    what: { kind: 'status', status: 413, body: { message: 'Request entity too large', code: 40005 } },
  });
  const attachments = [await file('attempt-1.log', 'the log')];
  await outgoing.post(outgoingOf(discord.general, [line('the proof')], { key: 'r', thread: ref, attachments }));
  const [posted] = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  expect(posted?.content).toBe("the proof\nDiscord did not take `attempt-1.log`; nightdesk's page has it.");
  expect(faults).toHaveLength(1);
});

test('a long text whose files are not taken is told whole, with their names behind it', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  const what = { kind: 'status', status: 413, body: { message: 'Request entity too large', code: 40005 } } as const;
  discord.trouble({ on: 'POST /channels/:channel/messages', what });
  const attachments = [await file('attempt-1.log', 'the log')];
  const proof = 'proof '.repeat(330).trim();
  await outgoing.post(outgoingOf(discord.general, [line(proof)], { key: 'r', thread: ref, attachments }));
  const posted = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  expect(posted.map(({ content }) => content)).toEqual([
    proof,
    "Discord did not take `attempt-1.log`; nightdesk's page has it.",
  ]);
});

test.each([
  ['for its form', { message: 'Invalid Form Body', code: 50035 }],
  // A card that it leaves out, where the bot may not embed, leaves nothing.
  ['as empty', { message: 'Cannot send an empty message', code: 50006 }],
])('a message that Discord refuses %s is sent as text, with the whole as a file', async (_, body) => {
  const { discord, outgoing, faults } = await startOutgoing();
  const refusal = { kind: 'status', status: 400, body } as const;
  discord.trouble({ on: 'POST /channels/:channel/messages', what: refusal });
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  discord.trouble({ on: 'PATCH /channels/:channel/messages/:message', what: refusal });
  await outgoing.edit(ref, status('❌', 'failed'));
  const [posted] = discord.messagesIn(discord.general);
  expect(posted?.content).toBe('❌ upgrade-deps r142 failed');
  expect(posted?.attachments.map(({ filename }) => filename)).toEqual(['message.txt']);
  expect(faults).toHaveLength(2);
});

test('where the bot may not embed, the card is text', async () => {
  const { discord, outgoing, faults } = await startOutgoing();
  const embedLinks = 1n << 14n;
  const bare = discord.addChannel('bare', [{ id: discord.guild.id, type: 0, allow: 0n, deny: embedLinks }]);
  const ref = await outgoing.post(outgoingOf(bare, status('⏳', 'runs')));
  await outgoing.edit(ref, status('✅', 'succeeded'));
  expect(discord.messagesIn(bare).map(({ content }) => content)).toEqual(['✅ upgrade-deps r142 succeeded']);
  expect(String(faults[0])).toContain('Embed Links');
});

test('a long message is told in parts, each once however often it is tried', async () => {
  const { discord, outgoing, restart } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  const long = [1, 2, 3].map((part) => output(`part ${part}\n${'line of output\n'.repeat(100)}`));
  const first = outgoingOf(discord.general, long, { key: 'r', thread: ref });
  const isSecond = ({ json }: { json: unknown }): boolean => JSON.stringify(json).includes('part 2');
  discord.trouble({ on: 'POST /channels/:channel/messages', when: isSecond, what: { kind: 'drop-answer' } });
  await expect(outgoing.post(first)).rejects.toThrow("Discord can't be reached");
  await restart().post(tryAgain(first));
  const posted = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  expect(posted.map(({ content }) => /part \d/.exec(content)?.[0])).toEqual(['part 1', 'part 2', 'part 3']);
});

test('a message of very many parts is its beginning, with the whole as a file', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('✅', 'succeeded')));
  const long = Array.from({ length: 300 }, (_, index) => line(`line ${index} `, code('x'.repeat(60))));
  await outgoing.post(outgoingOf(discord.general, long, { key: 'r', thread: ref }));
  const posted = discord.messagesIn(discord.threadOf(discord.messagesIn(discord.general)[0]!));
  expect(posted).toHaveLength(5);
  expect(posted.at(-1)?.content).toContain('The rest is in `message.txt`.');
  expect(String(discord.world.files.get(posted.at(-1)!.attachments[0]!.id))).toContain('line 299');
});

test('a long digest is told whole, in several cards', async () => {
  const { discord, outgoing } = await startOutgoing();
  const lines = Array.from({ length: 60 }, (_, index) => line(`✅ job-${index} ${'succeeded '.repeat(12)}`));
  await outgoing.post(outgoingOf(discord.general, lines, { key: 'digest' }));
  const posted = discord.messagesIn(discord.general);
  expect(posted.length).toBeGreaterThan(1);
  const told = posted.map(({ embeds }) => String(embeds[0]?.['description'])).join('\n');
  expect(told.split('\n')).toHaveLength(60);
});

test.each([
  ['the channel is deleted', /is deleted/],
  ['the bot is not in the server any more', /invite it/],
  ['the bot may not write there', /Send Messages/],
  ['the token is revoked', /DISCORD_TOKEN/],
])('where %s, somebody has to do something, and it says what', async (what, words) => {
  const { discord, outgoing } = await startOutgoing();
  const sendMessages = 1n << 11n;
  const closed = discord.addChannel('closed', [{ id: discord.guild.id, type: 0, allow: 0n, deny: sendMessages }]);
  const channel = what.includes('write') ? closed : discord.general;
  if (what.includes('deleted')) discord.deleteChannel(discord.general);
  if (what.includes('server')) discord.kickBot();
  if (what.includes('token')) discord.revokeToken();
  const refused = outgoing.post(outgoingOf(channel, status('⏳', 'runs')));
  await expect(refused).rejects.toThrow(ChatUnreachable);
  await expect(refused).rejects.toThrow(words);
});

test('a token that Discord refused once is tried again', async () => {
  const { discord, outgoing } = await startOutgoing();
  discord.trouble({ what: { kind: 'status', status: 401, body: { message: '401: Unauthorized', code: 0 } } });
  await expect(outgoing.post(outgoingOf(discord.general, status('⏳', 'runs')))).rejects.toThrow(ChatUnreachable);
  await outgoing.post(outgoingOf(discord.general, status('⏳', 'runs')));
  expect(discord.messagesIn(discord.general)).toHaveLength(1);
});

test('what is said to a message, a thread or a parent that is gone is refused, so that the channel is told instead', async () => {
  const { discord, outgoing, restart } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('⏳', 'runs')));
  await outgoing.post(outgoingOf(discord.general, [line('one')], { key: '1', thread: ref }));
  const [parent] = discord.messagesIn(discord.general);
  discord.deleteChannel(discord.threadOf(parent!));
  const two = outgoingOf(discord.general, [line('two')], { key: '2', thread: ref });
  await expect(outgoing.post(two)).rejects.toThrow(ChatRefusal);
  discord.deleteMessage(parent!);
  await expect(outgoing.edit(ref, status('✅', 'succeeded'))).rejects.toThrow(ChatRefusal);
  await expect(restart().post(two)).rejects.toThrow(ChatRefusal);
  await expect(outgoing.edit('none', status('✅', 'succeeded'))).rejects.toThrow(ChatRefusal);
});

test('an archived thread is woken, and one that is locked is left alone', async () => {
  const { discord, outgoing } = await startOutgoing();
  const ref = await outgoing.post(outgoingOf(discord.general, status('⏳', 'runs')));
  const say = (key: string): Promise<string> =>
    outgoing.post(outgoingOf(discord.general, [line(key)], { key, thread: ref }));
  await say('one');
  const thread = discord.threadOf(discord.messagesIn(discord.general)[0]!);
  discord.archive(thread);
  await say('two');
  expect(thread.thread?.archived).toBe(false);
  discord.archive(thread);
  // A server that wants it woken first.
  const body = { message: 'Thread is archived', code: 50083 };
  discord.trouble({ on: 'POST /channels/:channel/messages', what: { kind: 'status', status: 400, body } });
  await say('three');
  expect(thread.thread?.archived).toBe(false);
  discord.archive(thread, true);
  discord.trouble({ on: 'POST /channels/:channel/messages', what: { kind: 'status', status: 400, body } });
  await expect(say('four')).rejects.toThrow(ChatRefusal);
  expect(discord.messagesIn(thread).map(({ content }) => content)).toEqual(['one', 'two', 'three']);
});

test('a long rate limit is handed on with its time, and logged', async () => {
  const { discord, outgoing, logged } = await startOutgoing();
  discord.trouble({ on: 'POST /channels/:channel/messages', what: { kind: 'rate-limit', retryAfterMs: 20_000 } });
  const busy = await outgoing.post(outgoingOf(discord.general, [line('hot')])).catch((error: unknown) => error);
  expect(busy).toBeInstanceOf(ChatBusy);
  expect((busy as ChatBusy).retryAfterMs).toBeGreaterThanOrEqual(20_000);
  expect(discord.requests).toHaveLength(1);
  expect(logged).toMatchObject([{ level: 30, msg: 'Discord asks for a pause', scope: 'user' }]);
});

test('a short rate limit is waited for, and holds up no other channel', async () => {
  const { discord, outgoing } = await startOutgoing();
  const cool = discord.addChannel('cool');
  discord.trouble({ on: 'POST /channels/:channel/messages', what: { kind: 'rate-limit', retryAfterMs: 1_000 } });
  const order: string[] = [];
  const hot = outgoing.post(outgoingOf(discord.general, [line('hot')])).then(() => order.push('hot'));
  await discord.until(() => discord.requests.some(({ status: answer }) => answer === 429));
  await outgoing.post(outgoingOf(cool, [line('cool')], { key: 'run:2' }));
  order.push('cool');
  await hot;
  expect(order).toEqual(['cool', 'hot']);
});

test('limits that Discord announces are kept before it has to say no, and everything arrives once', async () => {
  const hardlyAny = { limit: 10_000, windowMs: 1_000 };
  const { discord, outgoing } = await startOutgoing({
    limits: {
      global: hardlyAny,
      route: (method, path) => {
        if (path.includes('/reactions')) return { limit: 1, windowMs: 50 };
        return method === 'POST' ? { limit: 2, windowMs: 200 } : hardlyAny;
      },
    },
  });
  const message = [...status('⏳', 'runs'), buttons({ kind: 'cancel', target: 'r142' })];
  for (let run = 0; run < 6; run += 1) await outgoing.post(outgoingOf(discord.general, message, { key: `run:${run}` }));
  await outgoing.idle();
  const posted = discord.messagesIn(discord.general);
  expect(posted.map(({ reactions }) => [...reactions.keys()])).toEqual(Array.from({ length: 6 }, () => ['🛑']));
  expect(discord.requests.filter(({ status: answer }) => answer === 429).length).toBeLessThanOrEqual(2);
});

test('an answer 429 that names no time is not repeated at once', async () => {
  const { discord, outgoing } = await startOutgoing();
  discord.trouble({ times: 5, what: { kind: 'status', status: 429, body: { message: 'limited', retry_after: 1 } } });
  await expect(outgoing.post(outgoingOf(discord.general, [line('a')]))).rejects.toThrow(ChatBusy);
  expect(discord.requests).toHaveLength(1);
});

test('a clock that is set back makes no limit longer, neither a channel’s nor the SDK’s own', async () => {
  const hardlyAny = { limit: 10_000, windowMs: 1_000 };
  const route = (method: string) => (method === 'POST' ? { limit: 1, windowMs: 1 } : hardlyAny);
  const { discord, api, outgoing } = await startOutgoing({ limits: { global: hardlyAny, route } });
  const realNow = Date.now;
  const clock = vi.spyOn(Date, 'now');
  onTestFinished(() => clock.mockRestore());
  const setBack = (ms: number) => clock.mockImplementation(() => realNow() - ms);
  const post = (key: string) => outgoing.post(outgoingOf(discord.general, [line(key)], { key }));
  await post('run:1');
  await post('run:2');
  setBack(3_600_000);
  await post('run:3');
  expect(discord.messagesIn(discord.general)).toHaveLength(3);
  setBack(7_200_000);
  // The SDK takes 50 in a second; the next one begins.
  for (let request = 0; request < 40; request += 1) await api.get('/users/@me');
  setBack(7_200_000 - 1_100);
  for (let request = 0; request < 20; request += 1) await api.get('/users/@me');
});

test('an outage is no refusal: it is tried again', async () => {
  const { discord, outgoing } = await startOutgoing();
  discord.trouble({ what: { kind: 'status', status: 503 } });
  const message = outgoingOf(discord.general, [line('hello')]);
  await expect(outgoing.post(message)).rejects.toThrow('Discord answers 503');
  discord.trouble({ what: { kind: 'drop-request' } });
  await expect(outgoing.post(tryAgain(message))).rejects.toThrow("Discord can't be reached");
  await outgoing.post(tryAgain(message));
  expect(discord.messagesIn(discord.general)).toHaveLength(1);
});
