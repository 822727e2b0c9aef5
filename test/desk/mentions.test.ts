import { afterEach, beforeEach, expect, test } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import type { Actor } from '../../src/bots/chat.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';
import { createStoredChat, type StoredChat } from '../support/stored-chat.ts';

let runner: FakeRunner;
let slack: StoredChat;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  slack = createStoredChat();
  const access = {
    admins: [],
    projects: { api: { viewers: ['slack:U9'], members: ['slack:U1'], maintainers: [] } },
  };
  fixture = await startDesk({ runner, chats: [slack], settings: { access }, projects: [testProject()] });
  await fixture.desk.handlers.onText(
    'schedule tidy up --name tidy --retries 0 --accept "$ npm test"',
    slack.actor('slack:U1'),
  );
  await fixture.desk.handlers.onText('run tidy', slack.actor('slack:U1'));
  await fixture.desk.delivered();
});
afterEach(() => fixture.stop());

const refOf = (key: string): string => slack.posted.find((message) => message.key === key)?.ref ?? '';
async function mention(text: string, key: string | null = 'run:1', actor: Actor = slack.actor('slack:U1')) {
  const reply = await fixture.desk.handlers.onMention(text, key === null ? undefined : refOf(key), actor);
  await fixture.desk.delivered();
  return { ...reply, text: renderText(reply.message, 'UTC') };
}
const fail = async (): Promise<void> => {
  runner.report({ checksAfter: [fakeCheck('npm test', 1, 'boom\n')], transcriptPath: '/runs/r1/transcript.log' });
  await fixture.desk.delivered();
};

test.each(['status', 'how is it going?', '', 'please cancel this one', 'LOG me in'])(
  'in a run’s thread %j is answered with the run’s card, without buttons that nothing would keep up to date',
  async (text) => {
    const reply = await mention(text);
    expect(reply.text).toMatch(/^⏳ tidy r1/);
    expect(reply.message.some(({ kind }) => kind === 'actions')).toBe(false);
    expect(runner.cancelled).toEqual([]);
  },
);

test('log answers with the log as a file, attempts with a line each', async () => {
  expect((await mention('attempts')).text).toBe('attempt 1: running');
  await fail();
  expect((await mention('Log!')).files).toEqual([{ name: 'r1-attempt-1.log', path: '/runs/r1/transcript.log' }]);
  expect((await mention('attempts')).text).toMatch(
    /^attempt 1: `npm test` exits 1 · \d+ s · about \$0\.50 · 1 tool call/,
  );
});

test('cancel ends the run, retry makes another with the note', async () => {
  expect((await mention('cancel')).text).toBe('🛑 tidy r1 is being cancelled.');
  expect(runner.cancelled).toEqual(['r1-1']);
  runner.report({ isCancelled: true });
  await fixture.desk.delivered();
  expect((await mention('retry look at the parser first')).text).toBe('🔁 tidy r2 retries r1.');
  expect(fixture.store.runs.get(2)?.note).toBe('look at the parser first');
  expect((await mention('retry')).text).toContain('`r2` retries `r1` already');
  expect((await mention('Retry!')).text).toContain('`r2` retries `r1` already');
  expect(fixture.store.audit.list().map(({ act, target, person, channel }) => [act, target, person, channel])).toEqual([
    ['schedule', 'tidy', 'slack:U1', 'slack:C1'],
    ['run', 'r1', 'slack:U1', 'slack:C1'],
    ['cancel', 'r1', 'slack:U1', 'slack:C1'],
    ['retry', 'r1', 'slack:U1', 'slack:C1'],
  ]);
});

test('a mention that is delivered again, refused ones too, acts once and is answered once', async () => {
  await fail();
  for (const person of ['slack:U1', 'slack:U9']) {
    const actor = slack.actor(person);
    expect((await mention('retry', 'run:1', actor)).message).not.toEqual([]);
    for (let time = 0; time < 2; time += 1) expect((await mention('retry', 'run:1', actor)).message).toEqual([]);
  }
  expect(fixture.store.runs.list({ limit: 9 })).toHaveLength(2);
});

test('a mention has the rights of its person', async () => {
  await fail();
  const viewer = await mention('retry', 'run:1', slack.actor('slack:U9'));
  expect(viewer).toMatchObject({ isRefusal: true });
  expect(viewer.text).toBe(
    'You need to be a maintainer of `api` to retry the run of @U1. Your id here is `slack:U9`; `access.api.maintainers` in nightdesk.yaml would allow it.',
  );
  expect((await mention('status', 'run:1', slack.actor('slack:U8'))).text).toContain('There is no run `r1`');
  expect(fixture.store.audit.list().at(-1)).toMatchObject({
    act: 'refused',
    target: 'retry the run of @U1 in api',
    person: 'slack:U9',
    eventId: expect.stringMatching(/^event-/),
  });
});

test('help says what a run’s thread takes; anywhere else a mention says where that is', async () => {
  expect((await mention('help')).text).toContain('`retry [note]` · Runs it again');
  for (const key of [null, 'nowhere']) {
    const { text } = await mention('retry', key);
    expect(text).toContain('In the thread of a run a mention takes `status`, `log`');
    expect(text).toContain('`/claude help` lists the commands');
  }
  expect((await mention('anything', 'job:1')).text).toContain('tidy scheduled by @U1: on demand only');
});
