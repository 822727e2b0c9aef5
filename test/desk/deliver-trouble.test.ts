import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ChatBusy, ChatRefusal, ChatUnreachable } from '../../src/bots/chat-refusal.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';
import { createStoredChat, type StoredChat } from '../support/stored-chat.ts';

const minuteMs = 60_000;
const channel = 'slack:C1';
const access = { admins: ['slack:U1', 'slack:U2', 'web:ada'], projects: {} };
const gone = new ChatUnreachable('The bot is not in the channel any more: `/invite @nightdesk` brings it back.');

let runner: FakeRunner;
let slack: StoredChat;
let fixture: DeskFixture;

const start = (more: Partial<Parameters<typeof startDesk>[0]> = {}): ReturnType<typeof startDesk> =>
  startDesk({ runner, chats: [slack], settings: { access }, projects: [testProject()], ...more });
const command = async (text: string, person = 'slack:U1') => {
  const reply = await fixture.desk.handlers.onText(text, slack.actor(person));
  await fixture.desk.delivered();
  return reply;
};
const pass = async (ms = 0): Promise<void> => {
  await fixture.desk.delivered();
  fixture.clock.advance(ms);
  await fixture.desk.delivered();
};
const failing = { checksAfter: [fakeCheck('npm test', 1)] };

beforeEach(async () => {
  runner = createFakeRunner();
  slack = createStoredChat();
  fixture = await start();
  await command('schedule tidy up --name tidy --retries 0 --accept "$ npm test"');
});
afterEach(() => fixture.stop());

test('a busy platform is left alone for exactly as long as it asks, and that is no failure', async () => {
  slack.fail = () => new ChatBusy('slow down', 7_000);
  await command('run tidy');
  const tries = slack.tries;
  await pass(6_999);
  expect(slack.tries).toBe(tries);
  slack.fail = () => undefined;
  await pass(1);
  expect(slack.texts(channel).at(-1)).toContain('tidy r1');
  expect(slack.posted.at(-1)?.isDoubtful).toBe(false);
  expect(fixture.faults).toEqual([]);
});

describe('a channel that can’t be reached', () => {
  beforeEach(async () => {
    await command('run tidy');
    slack.fail = (where) => (where === channel ? gone : undefined);
  });

  test('keeps what it was to be told for days; the run’s owner is told once, by direct message', async () => {
    runner.report(failing);
    await pass();
    const direct = (): string[] => slack.texts('slack:@U1');
    expect(direct()).toHaveLength(1);
    expect(direct()[0]).toMatch(
      /^⚠️ The result of tidy r1 could not be shown in `slack:C1`\.\nThe bot is not in the channel any more: `\/invite @nightdesk` brings it back\.\n❌ tidy r1 failed: `npm test` exits 1[^\n]*\nIt is kept/,
    );
    for (let hour = 0; hour < 72; hour += 1) await pass(60 * minuteMs);
    expect(direct()).toHaveLength(1);
    slack.fail = () => undefined;
    await pass(30 * minuteMs);
    expect(slack.texts(channel).join('\n')).toContain('<slack:U1> @U1 ❌ tidy r1 failed');
  });

  test('is asked ever less often, at least each half hour', async () => {
    runner.report(failing);
    await pass();
    for (let hour = 0; hour < 8; hour += 1) await pass(60 * minuteMs);
    const tries = slack.tries;
    await pass(29 * minuteMs);
    expect(slack.tries).toBe(tries);
    await pass(minuteMs);
    expect(slack.tries).toBeGreaterThan(tries);
  });

  test('is told of a run that ends while it waits, at once', async () => {
    await pass(10 * minuteMs);
    await command('pause tidy');
    await pass();
    expect(slack.texts('slack:@U1')).toEqual([]);
    runner.report(failing);
    await pass();
    expect(slack.texts('slack:@U1')).toHaveLength(1);
  });

  test('is tried at once after a restart, and its runs are not told again', async () => {
    runner.report(failing);
    await pass(5 * minuteMs);
    const now = fixture.clock.now();
    await fixture.stop({ keep: true });
    const tries = slack.tries;
    fixture = await start({ directory: fixture.directory, start: now });
    await pass();
    expect(slack.tries).toBeGreaterThan(tries);
    expect(slack.texts('slack:@U1')).toHaveLength(1);
    slack.fail = () => undefined;
    await pass(30 * minuteMs);
    expect(slack.posted.find(({ key }) => key === 'run:1:result')?.isDoubtful).toBe(true);
  });

  test('holds up no other, and a direct message that can’t be sent tells nobody else', async () => {
    slack.fail = (where) => (where.startsWith('slack:C') && where !== channel ? undefined : gone);
    runner.report(failing);
    await pass();
    await fixture.desk.handlers.onText(
      'schedule other --name other --project api',
      slack.actor('slack:U2', { channel: 'slack:C2' }),
    );
    for (let hour = 0; hour < 3; hour += 1) await pass(60 * minuteMs);
    expect(slack.texts('slack:C2')).toHaveLength(1);
    expect(fixture.store.outbox.waitingChannels().sort()).toEqual(['slack:@U1', channel]);
    slack.fail = (where) => (where === channel ? gone : undefined);
    await pass(30 * minuteMs);
    expect(slack.texts('slack:@U1')).toHaveLength(1);
  });
});

test('the owner is told of a job that its channel can’t show from the beginning', async () => {
  slack.fail = (where) => (where === channel ? gone : undefined);
  await command('schedule sweep --name sweep', 'slack:U2');
  await pass();
  expect(slack.texts('slack:@U2').join()).toContain('What there is to say of sweep could not be shown');
});

test('a status message that was deleted is posted once more, and what follows goes into the new one’s thread', async () => {
  await command('run tidy');
  const deleted = slack.posted.at(-1)?.ref;
  slack.fail = (_, what) =>
    (what.kind === 'edit' && what.ref === deleted) || (what.kind === 'post' && what.message.thread === deleted)
      ? new ChatRefusal('message_not_found')
      : undefined;
  await command('cancel r1');
  runner.report({ isCancelled: true });
  await pass();
  const anew = slack.posted.find(({ key }) => key === 'run:1:anew');
  expect(anew?.message).toEqual(fixture.store.outbox.view('run:1')?.body);
  // What was on its way into the thread that is gone is in the channel; what comes later is in the new thread.
  expect(slack.posted.map(({ key, thread }) => [key, thread])).toEqual(
    expect.arrayContaining([['run:1:cancel:channel', undefined]]),
  );
  await command('retry r1');
  await pass();
  expect(fixture.store.outbox.view('run:1')?.messageRef).toBe(anew?.ref);
  const deletedAgain = anew?.ref;
  slack.fail = (_, what) => (what.kind === 'edit' && what.ref === deletedAgain ? new ChatRefusal('gone') : undefined);
  await command('cancel r2');
  runner.report({ isCancelled: true });
  await pass();
  expect(slack.posted.filter(({ key }) => key.startsWith('run:1:anew'))).toHaveLength(1);
  expect(fixture.store.outbox.waitingChannels()).toEqual([]);
});

test('what a platform noted of a try is given to the next one, and says that it may have come through', async () => {
  slack.fail = (_, what) => {
    if (what.kind !== 'post' || what.message.noted !== undefined) return undefined;
    what.message.note('part 1 of 2');
    return new Error('connection reset');
  };
  await command('run tidy');
  await pass(1_000);
  expect(slack.posted.at(-1)).toMatchObject({ key: 'run:1', noted: 'part 1 of 2', isDoubtful: true });
});

test('a departed owner is not mentioned; the channel is told once that somebody can take over', async () => {
  slack.members.set('slack:U1', { isGone: true });
  for (const run of [1, 2]) {
    await command('run tidy', 'slack:U2');
    runner.report({ ...failing, attemptId: `r${run}-1` });
    await pass();
  }
  const texts = slack.texts(channel);
  expect(texts.filter((text) => text.startsWith('@U1 ❌ tidy'))).toHaveLength(2);
  expect(texts.filter((text) => text.includes('has left'))).toEqual([
    '⚠️ @U1 has left. tidy goes on without somebody to be told.\nA maintainer of `api` can take it over: `/claude edit tidy --owner <person>`.',
  ]);
});
