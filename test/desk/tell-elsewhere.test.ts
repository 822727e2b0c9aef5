import { expect, onTestFinished, test, vi } from 'vitest';

import type { Chat } from '../../src/bots/chat.ts';
import { ChatUnreachable } from '../../src/bots/chat-refusal.ts';
import { createReadDesk } from '../../src/desk/read-desk.ts';
import { startDesk } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

const minute = 60_000;

async function start(alerts: string) {
  const slack = { isUp: false, texts: [] as string[], down: new Error('slack.com can’t be reached') };
  const chat: Chat = {
    platform: 'slack',
    start: async () => {},
    stop: async () => {},
    async post({ message, channel }) {
      if (!slack.isUp) throw slack.down;
      return String(slack.texts.push(`${channel} ${JSON.stringify(message)}`));
    },
    async edit() {
      if (!slack.isUp) throw slack.down;
    },
  };
  const runner = createFakeRunner();
  const desk = await startDesk({ runner, chats: [chat], settings: { alerts } });
  onTestFinished(() => desk.stop());
  await desk.say('schedule tidy the docs --project api --when now --name tidy', 'web:ada', 'slack:C1');
  desk.clock.advance(1);
  runner.report();
  /** Lets the time pass, and the bell ring every ten minutes. */
  const pass = async (minutes: number): Promise<void> => {
    for (let at = 0; at < minutes; at += 10) {
      await desk.desk.delivered();
      desk.clock.advance(10 * minute);
    }
    await desk.desk.delivered();
  };
  return { ...desk, runner, slack, pass };
}

test('a result that its channel could not be told for an hour is told once on another platform', async () => {
  const { told, pass, slack } = await start('web:ops');
  await pass(50);
  expect(await told('web:ops')).not.toContain('tidy');
  await pass(180);
  const text = await told('web:ops');
  expect(text.match(/The result of/g)).toHaveLength(1);
  expect(text).toContain('slack.com can’t be reached');
  expect(text).toContain('tidy r1 finished, unverified');
  slack.isUp = true;
  await pass(60);
  expect(slack.texts.some((each) => each.includes('unverified'))).toBe(true);
  expect((await told('web:ops')).match(/The result of/g)).toHaveLength(1);
});

test('a result of a time when the clock was wrong is told elsewhere an hour after the channel began to fail', async () => {
  const { told, pass, clock, desk } = await start('web:ops');
  await pass(20);
  clock.advance(-3 * 365 * 24 * 60 * minute);
  await desk.delivered();
  await pass(20);
  expect(await told('web:ops')).not.toContain('tidy');
  await pass(40);
  expect((await told('web:ops')).match(/The result of/g)).toHaveLength(1);
});

test('a result is not told in another channel of the platform that fails', async () => {
  const { pass, slack } = await start('slack:COPS');
  await pass(180);
  slack.isUp = true;
  await pass(60);
  expect(slack.texts.join('\n')).not.toContain('The result of');
});

test('what could not be delivered is read with its count and its last error, until it is', async () => {
  const { store, settings, runner, clock, pass, slack } = await start('web:ops');
  const read = createReadDesk({ store, runner, settings, now: clock.now });
  await pass(30);
  expect(read.undelivered()).toEqual([
    { channel: 'slack:C1', count: expect.any(Number), lastError: 'slack.com can’t be reached' },
  ]);
  expect(read.undelivered()[0]?.count).toBeGreaterThan(1);
  slack.isUp = true;
  await pass(60);
  expect(read.undelivered()).toEqual([]);
});

test.each([
  ['edit of its message', 'retry r1'],
  ['answer to a reaction', 'react'],
])('a result that was told is not called untold since an %s waits', async (_what, act) => {
  const { told, pass, say, slack, store, desk } = await start('web:ops');
  slack.isUp = true;
  await pass(10);
  expect(slack.texts.join()).toContain('unverified');
  slack.isUp = false;
  slack.down = new ChatUnreachable('the bot is not in the channel any more');
  if (act === 'react') {
    const ref = store.outbox.view('run:1')?.messageRef ?? '';
    await desk.handlers.onReaction('added', 'retry', ref, { person: 'web:ada', channel: 'slack:C1', eventId: 'again' });
  } else {
    await say(act, 'web:ada', 'slack:C1');
  }
  await pass(180);
  expect(store.outbox.waitingChannels()).toEqual(['slack:C1']);
  expect(await told('web:ops')).toContain('has not got through to `slack:C1`');
  expect(await told('web:ops')).not.toContain('The result of');
  expect(await told('web:@ada')).not.toContain('The result of');
});

test('what waits for a channel is not read again with each ring once it was told of', async () => {
  const { pass, say, slack, runner, clock, desk } = await start('web:ops');
  slack.down = new ChatUnreachable('the bot is not in the channel any more');
  const readWith = async (runs: number): Promise<number> => {
    while (runner.started.length < runs) {
      await say('run tidy', 'web:ada', 'slack:C1');
      runner.report();
    }
    await pass(90);
    const parse = vi.spyOn(JSON, 'parse');
    clock.advance(1);
    await desk.delivered();
    const read = parse.mock.calls.filter(([text]) => text.includes('tidy'));
    parse.mockRestore();
    return read.length;
  };
  const few = await readWith(3);
  expect(await readWith(12)).toBe(few);
});
