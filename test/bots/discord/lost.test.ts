import { afterEach, describe, expect, test } from 'vitest';

import { fakeCheck } from '../../support/fake-runner.ts';
import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';
import type { Channel, Message } from '../../support/discord-server/world.ts';

let lab: DiscordDesk;
afterEach(() => lab.stop());

const shown = (channel: Channel): string[] =>
  lab.server.messagesIn(channel).map(({ content, embeds }) => `${content} ${JSON.stringify(embeds)}`);

/** A run at work whose thread has something in it already, with its message. */
async function withLiveRun(): Promise<Message> {
  lab = await startDiscordDesk();
  const { server, ada, bot } = lab;
  const typed = { goal: 'fix it', project: 'api', name: 'fixer', accept: '$ npm test', retries: '1' };
  await (await ada.command('claude schedule', typed)).answer();
  await (await ada.command('claude run', { job: 'fixer' })).answer();
  bot.runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
  await lab.settle();
  return server.until(() => server.messagesIn(server.general).find(({ hasThread }) => hasThread), 'the thread');
}

/** The second attempt succeeds, and everything is told. */
async function succeed(): Promise<void> {
  lab.bot.runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
  for (let turn = 0; turn < 3; turn += 1) await lab.settle();
}

describe('a run is told to its end', () => {
  test('where its message was deleted: another stands there, and the thread goes on', async () => {
    const live = await withLiveRun();
    const thread = lab.server.threadOf(live);
    lab.server.deleteMessage(live);
    await succeed();
    const [, run, ...more] = shown(lab.server.general);
    expect(run).toContain('succeeded on attempt 2');
    expect(more).toEqual([]);
    expect(shown(thread).at(-1)).toContain('`npm test` passes');
  });

  test('where its message was deleted with the thread: the channel has both', async () => {
    const live = await withLiveRun();
    const thread = lab.server.threadOf(live);
    lab.server.deleteMessage(live);
    lab.server.deleteChannel(thread);
    await succeed();
    const [, ...told] = shown(lab.server.general);
    expect(told.filter((text) => text.includes('succeeded on attempt 2'))).toHaveLength(1);
    expect(told.filter((text) => text.includes('attempt 2: succeeded'))).toHaveLength(1);
    expect(told).toHaveLength(2);
  });

  test('where its thread was deleted: the result is in the channel', async () => {
    const live = await withLiveRun();
    lab.server.deleteChannel(lab.server.threadOf(live));
    await succeed();
    const [, run, ...told] = shown(lab.server.general);
    expect(run).toContain('succeeded on attempt 2');
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('`npm test` passes');
  });

  test('where its channel was deleted: its owner is told directly, once, and where the result is', async () => {
    await withLiveRun();
    lab.server.deleteChannel(lab.server.general);
    await succeed();
    const direct = [...lab.server.world.channels.values()].filter(({ recipientId }) => recipientId === lab.ada.id);
    const told = direct.flatMap(shown);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('could not be shown');
    expect(told[0]).toContain('is deleted');
    expect(lab.bot.store.runs.get(1)?.status).toBe('succeeded');
  });
});
