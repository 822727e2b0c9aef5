import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Chat } from '../../../src/bots/chat.ts';
import { createSlackChat } from '../../../src/bots/slack/slack-chat.ts';
import { namedIn, type Access } from '../../../src/model/access.ts';
import { startDesk, testProject, type DeskFixture } from '../../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../../support/fake-runner.ts';
import { refusedFields } from '../../support/platforms/slack.ts';
import { buttonLabels } from '../../support/slack-server/find-button.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server/start-slack-server.ts';
import type { SlackChannel, SlackMessage, SlackUser } from '../../support/slack-server/slack-types.ts';

let slack: SlackServer;
let runner: FakeRunner;
let desk: DeskFixture;
let chat: Chat;
let channel: SlackChannel;
let ada: SlackUser;
let bob: SlackUser;
/** A member without any right but to look. */
let eve: SlackUser;
/** A guest. */
let gus: SlackUser;
/** Of another workspace: the channel is shared with it. */
let zoe: SlackUser;
const faults: unknown[] = [];

/** The desk and Slack's adapter, both as they are, on the data of before where there are some. */
async function begin(access: Access, directory?: string): Promise<void> {
  runner = createFakeRunner();
  chat = createSlackChat({
    botToken: slack.botToken,
    transport: { mode: 'socket', appToken: slack.appToken },
    apiUrl: slack.apiUrl,
    groups: () => namedIn(access),
    pageUrl: () => 'http://127.0.0.1:7433',
    now: () => new Date(),
    onFault: (error) => `f-${faults.push(error)}`,
    log: pino({ level: 'silent' }),
  });
  desk = await startDesk({
    runner,
    chats: [chat],
    projects: [testProject(), testProject({ name: 'site' })],
    settings: { access },
    ...(directory === undefined ? {} : { directory }),
  });
  await chat.start(desk.desk.handlers);
  await slack.connected(2);
}

let access: Access;
beforeEach(async () => {
  slack = await startSlackServer();
  ada = slack.addUser('ada');
  bob = slack.addUser('bob', { tz: 'Asia/Tokyo' });
  eve = slack.addUser('eve');
  gus = slack.addUser('gus', { is_restricted: true });
  zoe = slack.addUser('zoe', { team: 'T0OTHER' });
  const group = slack.addGroup('backend', [bob]);
  channel = slack.addChannel('night', { members: [ada, bob, eve, gus, zoe] });
  access = {
    admins: [`slack:${ada.id}`],
    projects: {
      '*': { viewers: ['slack:*'], members: [], maintainers: [] },
      api: { viewers: [], members: [`slack:${group.id}`], maintainers: [] },
    },
  };
  await begin(access);
});
afterEach(async () => {
  await chat.stop();
  await desk.stop();
  await slack.close();
  expect(faults.splice(0)).toEqual([]);
  expect(desk.faults).toEqual([]);
  expect(slack.violations).toEqual([]);
});

/** The first message of the channel whose text has it. */
const message = (text: string): Promise<SlackMessage> =>
  slack.until(text, () => slack.messagesIn(channel).find((one) => one.text.includes(text)));

test('a line schedules a job, which the channel is shown with its buttons', async () => {
  const act = await slack.slash('/claude', 'schedule tidy the docs --project api --when “daily at 2am” --name tidy', {
    user: ada,
    channel,
  });
  expect(act.ack.ok).toBe(true);
  const shown = await message('tidy');
  expect(JSON.stringify(shown.blocks)).toContain('nd:run:tidy');
  expect(desk.store.jobs.findByName('tidy')).toMatchObject({
    owner: `slack:${ada.id}`,
    channel: `slack:${channel.id}`,
    schedule: { zone: 'Europe/Berlin' },
  });
});

test('what can’t be read is mended in the form, with everything that was typed', async () => {
  const act = await slack.slash(
    '/claude',
    'schedule tidy the docs --project api --when “weekdyas at 2am” --retries 3',
    {
      user: ada,
      channel,
    },
  );
  const refusal = await act.answer();
  const view = await (await slack.clickButton(refusal, 'Fix it', ada)).form();
  const typed = Object.fromEntries(Object.values(view.state).flatMap((inputs) => Object.entries(inputs)));
  expect(typed['nd-form:goal']).toMatchObject({ value: 'tidy the docs' });
  expect(typed['nd-form:retries']).toMatchObject({ value: '3' });
  await slack.submitView(view, { 'nd-form:when': 'weekdyas' });
  expect(await slack.until('the refusal', () => refusedFields(view))).toEqual(['when']);
  await slack.submitView(view, { 'nd-form:when': 'weekdays at 2am' });
  expect(await slack.until('the end', () => refusedFields(view))).toBe('taken');
  await message('tidy');
  expect(desk.store.jobs.list()).toHaveLength(1);
});

test('the words in the form are read in the person’s own zone: on enter as a sentence with times, or why not', async () => {
  const view = await (await slack.slash('/claude', 'schedule', { user: bob, channel })).form();
  const said = (): string => JSON.stringify(view.content.blocks.find(({ block_id: id }) => id === 'nd-note:preview'));
  await slack.enter(view, 'nd-form:when', 'weekdyas at 2am');
  await slack.until('the reason', () => said().includes('⚠️'));
  expect(said()).toContain('weekdays at 2am');
  await slack.enter(view, 'nd-form:when', 'weekdays at 2am');
  await slack.until('the sentence', () => said().includes('*weekdays at 02:00 Tokyo*'));
  expect(said().match(/<!date\^\d+\^/g)).toHaveLength(3);
  await slack.submitView(view, { 'nd-form:goal': 'tidy the docs', 'nd-form:project': 'api' });
  await message('tidy');
  expect(desk.store.jobs.list()).toMatchObject([{ owner: `slack:${bob.id}`, schedule: { zone: 'Asia/Tokyo' } }]);
});

test('a list has the buttons of each job’s message, for those who may use them, and they work', async () => {
  await slack.slash('/claude', 'schedule tidy the docs --project api --name tidy', { user: ada, channel });
  await message('tidy');
  const listed = async (user: SlackUser) => (await slack.slash('/claude', 'list', { user, channel })).answer();
  const list = await listed(ada);
  expect(buttonLabels(list.blocks)).toEqual(['Run now', 'Pause', 'Edit', 'Delete']);
  await slack.clickButton(list, 'Pause', ada);
  await slack.until('the pause', () => desk.store.jobs.findByName('tidy')?.paused);
  expect(buttonLabels((await listed(gus)).blocks)).toEqual([]);
});

test('the audit has who did what, when, and from where; what was refused, too', async () => {
  await slack.slash('/claude', 'schedule tidy the docs --project api --name tidy', { user: ada, channel });
  const shown = await message('tidy');
  await (await slack.clickButton(shown, 'Pause', eve)).answer();
  const who = (user: SlackUser) => ({
    person: `slack:${user.id}`,
    channel: `slack:${channel.id}`,
    eventId: expect.stringMatching(/^slack:./),
    at: expect.any(Date),
  });
  expect(desk.store.audit.list()).toMatchObject([
    { act: 'schedule', target: 'tidy', ...who(ada) },
    { act: 'refused', ...who(eve) },
  ]);
  expect(desk.store.jobs.findByName('tidy')?.paused).toBeFalsy();
});

test('a group gives its people rights; who is not in it, guests and people of another workspace are refused and shown nothing', async () => {
  const form = await (await slack.slash('/claude', 'schedule', { user: bob, channel })).form();
  const project = form.content.blocks.find(({ block_id: id }) => id === 'nd-form:project') as unknown as {
    element: { options: { value: string }[] };
  };
  expect(project.element.options.map(({ value }) => value)).toEqual(['api']);
  for (const stranger of [gus, zoe]) {
    const guest = await slack.slash('/claude', 'schedule', { user: stranger, channel });
    await guest.answer();
    const listed = await slack.slash('/claude', 'projects', { user: stranger, channel });
    expect((await listed.answer()).text).not.toMatch(/api|site/);
    const line = await slack.slash('/claude', 'schedule a thing --project api', { user: stranger, channel });
    expect((await line.answer()).text).toContain(`slack:${stranger.id}`);
  }
  const member = await slack.slash('/claude', 'schedule a thing --project api', { user: eve, channel });
  expect((await member.answer()).text).toMatch(new RegExp(`slack:${eve.id}.*access\\.api\\.members`));
  expect(desk.store.jobs.list()).toEqual([]);
});

test('*Run now*, *Cancel*, a mention and 🔁 work in the messages of a run', async () => {
  await slack.slash('/claude', 'schedule tidy the docs --project api --name tidy', { user: ada, channel });
  await slack.clickButton(await message('tidy'), 'Run now', ada);
  const run = await message('r1');
  await slack.mention('status', { user: bob, channel, thread: run });
  await slack.until('the status', () => slack.messagesIn(channel, run).find(({ isBot }) => isBot));
  await slack.clickButton(run, 'Cancel', ada);
  await slack.until('the cancel', () => runner.cancelled.length === 1);
  runner.report();
  // A message is edited at most once in three seconds.
  desk.clock.advance(3_000);
  const end = await slack.until('the end', () => JSON.stringify(run.blocks).includes('nd:retry:r1') && run);
  await slack.react('added', end, 'arrows_counterclockwise', ada);
  const pending = (): number => desk.store.reactions.due(new Date(8_640_000_000_000_000)).length;
  await expect.poll(pending, { timeout: 10_000 }).toBe(1);
  desk.clock.advance(5_000);
  await message('r2');
  expect(runner.started.map(({ run }) => run)).toEqual([1, 2]);
});

test('a command that is delivered again after a restart acts once', async () => {
  // The job is given a name: the same words once more would make another.
  await slack.slash('/claude', 'schedule tidy the docs --project api', { user: ada, channel });
  await message('tidy');
  const [delivery] = slack.deliveries.all;
  await chat.stop();
  await desk.stop({ keep: true });
  await slack.until('the end', () => slack.sockets.count() === 0);
  await begin(access, desk.directory);
  for (let times = 0; times < 3; times += 1) slack.deliveries.sendAgain(delivery!, { asNew: true });
  // What one person does is carried out in its order.
  await (await slack.slash('/claude', 'list', { user: ada, channel })).answer();
  expect(desk.store.jobs.list()).toHaveLength(1);
});

test.each([
  ['slow', () => slack.faults.slow(1_500)],
  ['asking for a pause', () => slack.faults.rateLimit({ retryAfter: 1, times: 8 })],
])('while the Web API is %s, commands and clicks are acknowledged within a second', async (_, disturb) => {
  await slack.slash('/claude', 'schedule tidy the docs --project api --name tidy', { user: ada, channel });
  const shown = await message('tidy');
  disturb();
  const acts = await Promise.all([
    slack.slash('/claude', 'list', { user: bob, channel }),
    slack.slash('/claude', 'schedule', { user: bob, channel }),
    slack.clickButton(shown, 'Pause', ada),
  ]);
  expect(acts.map(({ ack }) => ack.ok && ack.afterMs < 1_000)).toEqual([true, true, true]);
  expect((await acts[0].answer()).text).not.toBe('');
  slack.faults.clear();
  // Who Bob is could not be asked.
  faults.length = 0;
});
