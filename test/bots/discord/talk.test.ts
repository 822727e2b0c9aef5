import { afterEach, describe, expect, test } from 'vitest';

import { decodeReferences } from '../../../src/bots/discord/mentions.ts';
import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';

let lab: DiscordDesk;
afterEach(() => lab?.stop());

/** A run that has ended without checks, with its message and its thread. */
async function withEndedRun() {
  lab = await startDiscordDesk();
  const { ada, server, bot } = lab;
  await (await ada.command('claude schedule', { goal: 'fix it', project: 'api', name: 'fixer' })).answer();
  await (await ada.command('claude run', { job: 'fixer' })).answer();
  bot.runner.report();
  await lab.settle();
  const run = await server.until(
    () =>
      server.messagesIn(server.general).find(({ components }) => JSON.stringify(components).includes('nd:retry:r1')),
    'the message of the run',
  );
  return { ...lab, run, thread: server.threadOf(run) };
}

const runs = () => lab.bot.store.runs.list({ limit: 9 }).map(({ id }) => id);

describe('a mention in the thread of a run', () => {
  test('is answered there: its status, or what was asked for', async () => {
    const { server, ada, bot, thread } = await withEndedRun();
    const before = server.messagesIn(thread).length;
    ada.say(`<@${server.world.bot.id}> status`, thread);
    const answers = await server.until(() => {
      const messages = server.messagesIn(thread).slice(before + 1);
      return messages.length > 0 && messages;
    }, 'an answer in the thread');
    expect(JSON.stringify(answers)).toContain('fixer');
    ada.say(`please <@!${server.world.bot.id}> retry with more care`, thread);
    ada.say(`<@${server.world.bot.id}> retry with more care`, thread);
    await server.until(() => runs().length === 2, 'the retry');
    expect(JSON.stringify(bot.store.runs.get(2))).toContain('with more care');
    expect(bot.faults).toEqual([]);
  });

  test.each([
    { what: 'where Discord can’t be reached', kind: 'drop-request', on: 'POST /channels/:channel/messages' },
    {
      what: 'once where the answer may have come through',
      kind: 'drop-answer',
      on: 'POST /channels/:channel/messages',
    },
    { what: 'where its place can’t be looked up', kind: 'drop-request', on: 'GET /channels/:channel' },
  ] as const)('is answered by another try $what', async ({ kind, on }) => {
    const { server, ada, bot, thread } = await withEndedRun();
    const before = server.messagesIn(thread).length;
    server.trouble({ on, what: { kind } });
    ada.say(`<@${server.world.bot.id}> status`, thread);
    const answers = () => server.messagesIn(thread).slice(before + 1);
    await server.until(() => answers().length > 0, 'an answer in the thread');
    // The chat stops when what came in is done with.
    await bot.stop();
    expect(answers()).toHaveLength(1);
    expect(JSON.stringify(answers())).toContain('fixer');
    expect(bot.faults).toEqual([]);
  });

  test('is heard in a thread that was asleep when the bot started', async () => {
    const { server, ada, bot, thread } = await withEndedRun();
    await bot.stop();
    server.archive(thread);
    await lab.restart();
    await server.until(() => server.gateway.sockets.size === 1 && server.gateway.identifies === 2, 'the next session');
    const before = server.messagesIn(thread).length;
    ada.say(`<@${server.world.bot.id}> status`, thread);
    await server.until(() => server.messagesIn(thread).length > before + 1, 'an answer');
    expect(JSON.stringify(server.messagesIn(thread).at(-1))).toContain('fixer');
  });

  test('of others, of a role, of everyone, by a bot or by an answer without a word of it is not for us', async () => {
    const { server, ada, bot, run, thread } = await withEndedRun();
    const [ben, robot] = ['ben', 'robot'].map((name) => server.addPerson(name));
    robot!.user.bot = true;
    const before = server.messagesIn(thread);
    ada.say(`<@${ben!.id}> retry`, thread);
    ada.say(`<@&${server.addRole('nightdesk').id}> retry`, thread);
    ada.say('@everyone retry', thread);
    robot!.say(`<@${server.world.bot.id}> retry`, thread);
    ada.say('retry', thread, before.at(-1));
    ada.say('retry', thread);
    ada.react(run, '🎉');
    // What comes behind is taken behind it; once the chat has stopped, it is done with.
    await (await ada.command('claude projects')).answer();
    await bot.chat.stop();
    expect(server.messagesIn(thread)).toHaveLength(before.length + 6);
    expect(runs()).toEqual([1]);
    expect(bot.faults).toEqual([]);
  });
});

describe('a reaction', () => {
  test('on a message from before a restart retries after five seconds, as who put it there', async () => {
    const { server, ada, bot, run } = await withEndedRun();
    await bot.stop();
    const next = await lab.restart();
    await server.until(() => server.gateway.identifies === 2 && server.gateway.sockets.size === 1, 'the next session');
    ada.react(run, '🔁');
    await (await ada.command('claude projects')).answer();
    next.clock.advance(6_000);
    await next.desk.delivered();
    expect(next.store.runs.list({ limit: 9 }).map(({ id }) => id)).toEqual([2, 1]);
  });

  test('taken back within five seconds does nothing', async () => {
    const { server, ada, bot, run } = await withEndedRun();
    ada.react(run, '🔁');
    ada.unreact(run, '🔁');
    await (await ada.command('claude projects')).answer();
    bot.clock.advance(6_000);
    await bot.desk.delivered();
    expect(server.gateway.identifies).toBe(1);
    expect(runs()).toEqual([1]);
  });

  test('of somebody without the right, and the bot’s own, do nothing', async () => {
    const { server, run, bot } = await withEndedRun();
    server.addPerson('eve').react(run, '🔁');
    await (await lab.ada.command('claude projects')).answer();
    bot.clock.advance(6_000);
    await bot.desk.delivered();
    expect(runs()).toEqual([1]);
  });
});

test('people and roles in a text are named as everywhere', () => {
  expect(decodeReferences('give it to <@12> or <@!34> or <@&56>')).toBe(
    'give it to discord:12 or discord:34 or discord:role-56',
  );
});
