import { ChannelType } from 'discord.js';
import { afterEach, describe, expect, test } from 'vitest';

import { fakeCheck } from '../../support/fake-runner.ts';
import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';
import { modalFields } from '../../support/discord-server/acts/submit-modal.ts';

let lab: DiscordDesk;
afterEach(() => lab.stop());

const typed = { goal: 'fix it', project: 'api', when: 'daily at 2am', name: 'fixer' };
const why = /#ideas is a (?:forum|media channel), which takes posts and no messages.*for example \/claude schedule/;

describe('in a post of a forum', () => {
  test.each([
    ['a forum', ChannelType.GuildForum],
    ['a media channel', ChannelType.GuildMedia],
  ])('of %s no job is made; the answer says why and where to go, and keeps what was typed', async (_, type) => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    const post = server.addPost(server.addChannelOf(type, 'ideas'), 'an idea');
    const answer = await (await ada.command('claude schedule', typed, post)).answer();
    expect(answer.content).toMatch(why);
    expect(bot.store.jobs.list()).toEqual([]);
    const form = await ada.press(answer, 'Fix it');
    expect(modalFields(form)).toMatchObject({ goal: 'fix it', when: 'daily at 2am', more: '--name fixer' });
    expect((await (await ada.submit(form)).answer()).content).toMatch(why);
    expect(bot.store.jobs.list()).toEqual([]);
    expect(bot.faults).toEqual([]);
  });

  test('no form opens for a job that can’t be made there', async () => {
    const { server, ada } = (lab = await startDiscordDesk());
    const post = server.addPost(server.addChannelOf(ChannelType.GuildForum, 'ideas'), 'an idea');
    const shown = await ada.command('claude schedule', {}, post);
    expect(shown.kind).toBe('message');
    expect((await shown.answer()).content).toMatch(why);
  });

  test('every other command works, and so does the edit of a job from elsewhere', async () => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    const post = server.addPost(server.addChannelOf(ChannelType.GuildForum, 'ideas'), 'an idea');
    await (await ada.command('claude schedule', typed)).answer();
    expect((await (await ada.command('claude list', {}, post)).answer()).content).toContain('fixer');
    const form = await ada.command('claude edit', { job: 'fixer' }, post);
    await (await ada.submit(form, { goal: 'fix it well' })).answer();
    expect(bot.store.jobs.findByName('fixer')).toMatchObject({ goal: 'fix it well' });
  });
});

test('in a thread of a text channel a job is of that channel, also where Discord does not say what it is', async () => {
  const { server, ada, bot } = (lab = await startDiscordDesk());
  const thread = server.addPost(server.general, 'a talk');
  await (await ada.command('claude schedule', typed, thread)).answer();
  server.trouble({ on: 'GET /channels/:channel', what: { kind: 'status', status: 403, body: { code: 50_001 } } });
  const other = server.addPost(server.addChannelOf(ChannelType.GuildText, 'quiet'), 'a talk');
  await (await ada.command('claude schedule', { ...typed, name: 'other' }, other)).answer();
  expect(bot.store.jobs.list().map(({ channel }) => channel)).toEqual([
    `discord:${server.general.id}`,
    `discord:${other.parentId}`,
  ]);
});

test.each([
  ['a voice channel', ChannelType.GuildVoice],
  ['a stage', ChannelType.GuildStageVoice],
])('in the chat of %s a job is told, with its results in the chat itself', async (_, type) => {
  const { server, ada, bot, settle } = (lab = await startDiscordDesk());
  const chat = server.addChannelOf(type, 'talk');
  await (await ada.command('claude schedule', typed, chat)).answer();
  await (await ada.command('claude run', { job: 'fixer' }, chat)).answer();
  bot.runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
  await settle();
  const shown = server.messagesIn(chat).map(({ content, embeds }) => content + JSON.stringify(embeds));
  expect(shown.some((text) => text.includes('✅'))).toBe(true);
  expect(shown.some((text) => text.includes('`npm test` passes'))).toBe(true);
});
