import { afterEach, expect, test } from 'vitest';

import type { Button } from '../../../src/bots/button-id.ts';
import { buttonId } from '../../../src/bots/button-id.ts';
import { line } from '../../../src/model/message.ts';
import { createClient } from '../../support/slack-server/bolt-app.ts';
import type { SlackMessage } from '../../support/slack-server/slack-types.ts';
import { aForm, startSlackPeople, type SlackPeople, type SlackPeopleOptions } from '../../support/slack-people.ts';

let people: SlackPeople;
const start = async (options?: SlackPeopleOptions): Promise<SlackPeople> => (people = await startSlackPeople(options));

afterEach(async () => {
  await people.stop();
  expect(people.faults).toEqual([]);
  expect(people.slack.violations).toEqual([]);
});

/** A message of the bot with these buttons, in the channel or in a thread there. */
async function post(buttons: Button[], thread?: SlackMessage): Promise<SlackMessage> {
  const { slack, channel } = people;
  const { ts } = await createClient(slack).chat.postMessage({
    channel: channel.id,
    text: 'r142',
    ...(thread === undefined ? {} : { thread_ts: thread.ts }),
    blocks: [
      {
        type: 'actions',
        elements: buttons.map((button) => ({
          type: 'button',
          action_id: buttonId(button),
          text: { type: 'plain_text', text: button.kind },
        })),
      },
    ],
  });
  return slack.world.messages.find((message) => message.ts === ts)!;
}

test.each(['retry', 'cancel', 'log', 'run', 'pause', 'resume', 'delete'] as const)(
  'a click on *%s* is that command, answered for who clicked',
  async (kind) => {
    const { slack, ada, channel, handed } = await start();
    const message = await post([{ kind, target: 'r142' }]);
    const act = await slack.clickButton(message, kind, ada);
    expect(act.ack.ok).toBe(true);
    expect(await act.answer()).toMatchObject({ text: 'done', user: ada.id, thread_ts: undefined });
    expect(handed).toMatchObject([
      {
        what: 'onCommand',
        given: [{ name: kind, target: 'r142' }],
        actor: { person: `slack:${ada.id}`, channel: `slack:${channel.id}` },
      },
    ]);
    expect(slack.messagesIn(channel)).toEqual([message]);
  },
);

test('a click in a thread is answered in the thread, one on its head in the channel', async () => {
  const { slack, ada } = await start();
  const head = await post([{ kind: 'log', target: 'r142' }]);
  const reply = await post([{ kind: 'cancel', target: 'r143' }], head);
  expect(await (await slack.clickButton(reply, 'cancel', ada)).answer()).toMatchObject({ thread_ts: head.ts });
  expect(await (await slack.clickButton(head, 'log', ada)).answer()).toMatchObject({ thread_ts: undefined });
});

test('two clicks at once on the same button are one; another person’s is another', async () => {
  const { slack, ada, bob, asked } = await start();
  const message = await post([
    { kind: 'retry', target: 'r142' },
    { kind: 'log', target: 'r142' },
  ]);
  const acts = await Promise.all([
    slack.clickButton(message, 'retry', ada),
    slack.clickButton(message, 'retry', ada),
    slack.clickButton(message, 'retry', bob),
    slack.clickButton(message, 'log', ada),
  ]);
  await acts[3].answer();
  await acts[2].answer();
  expect(acts.every(({ ack }) => ack.ok)).toBe(true);
  const handed = asked('onCommand').map(({ given, actor }) => `${actor.person} ${(given[0] as { name: string }).name}`);
  expect(handed.sort()).toEqual([`slack:${ada.id} log`, `slack:${ada.id} retry`, `slack:${bob.id} retry`].sort());
});

test('a click after the clock was set back is one of its own', async () => {
  let nowMs = 1_700_000_000_000;
  const { slack, ada, asked } = await start({ now: () => new Date(nowMs) });
  const message = await post([{ kind: 'log', target: 'r142' }]);
  await (await slack.clickButton(message, 'log', ada)).answer();
  nowMs -= 60_000;
  await (await slack.clickButton(message, 'log', ada)).answer();
  expect(asked('onCommand')).toHaveLength(2);
});

test('a click that is delivered three times acts once', async () => {
  const { slack, ada, asked } = await start();
  slack.deliveries.copies(2);
  const act = await slack.clickButton(await post([{ kind: 'retry', target: 'r142' }]), 'retry', ada);
  await act.answer();
  await slack.until('all acknowledgements', () => slack.deliveries.all[0]!.acknowledgedMs.length === 3);
  expect(asked('onCommand')).toHaveLength(1);
});

test('*Edit* opens the form of the job', async () => {
  const { slack, ada, asked } = await start({
    handlers: { openForm: async () => ({ form: aForm({ target: 'tidy-docs' }) }) },
  });
  const view = await (
    await slack.clickButton(await post([{ kind: 'edit', target: 'tidy-docs' }]), 'edit', ada)
  ).modal();
  expect(asked('openForm')[0]!.given).toEqual([{ job: 'tidy-docs' }]);
  expect(view.content['title']).toMatchObject({ text: 'Edit job' });
});

test('*Retry with a note* asks for the note, and hands it over', async () => {
  const { slack, ada, asked } = await start();
  const head = await post([{ kind: 'retry-with-note', target: 'r142' }]);
  const reply = await post([{ kind: 'retry-with-note', target: 'r142' }], head);
  const view = await (await slack.clickButton(reply, 'retry-with-note', ada)).modal();
  const [input] = view.content.blocks;
  await slack.submitView(view, { [input!.block_id!]: 'use the new client' });
  expect(view.isOpen).toBe(false);
  expect(asked('onCommand').map(({ given }) => given)).toEqual([
    [{ name: 'retry', target: 'r142', note: 'use the new client' }],
  ]);
  expect(await slack.until('an answer', () => slack.ephemeralFor(ada)[0])).toMatchObject({
    text: 'done',
    thread_ts: head.ts,
  });
});

test('a retry with a note that is refused says so in its form', async () => {
  const { slack, ada } = await start({
    handlers: { onCommand: async () => ({ message: [line('r143 is its retry already.')], isRefusal: true }) },
  });
  const message = await post([{ kind: 'retry-with-note', target: 'r142' }]);
  const view = await (await slack.clickButton(message, 'retry-with-note', ada)).modal();
  await slack.submitView(view, { 'nd-retry-note:note': 'again' });
  expect(view).toMatchObject({ isOpen: true, errors: { 'nd-retry-note:note': 'r143 is its retry already.' } });
});

test('a retry with a note that takes long says so in its form, and is answered when it is done', async () => {
  const late = Promise.withResolvers<void>();
  const { slack, ada } = await start({
    handlers: {
      async onCommand() {
        await late.promise;
        return { message: [line('r143 has started.')] };
      },
    },
  });
  const message = await post([{ kind: 'retry-with-note', target: 'r142' }]);
  const view = await (await slack.clickButton(message, 'retry-with-note', ada)).modal();
  const act = await slack.submitView(view, { 'nd-retry-note:note': 'again' });
  expect(act.ack).toMatchObject({ ok: true });
  expect(view.content.blocks).toMatchObject([{ text: { text: expect.stringContaining('The host is busy') } }]);
  expect(slack.ephemeralFor(ada)).toEqual([]);
  late.resolve();
  expect(await slack.until('the answer', () => slack.ephemeralFor(ada)[0])).toMatchObject({
    text: 'r143 has started.',
  });
});

test('the buttons of a list that one person alone sees work as well', async () => {
  const { slack, ada, channel, asked } = await start({
    handlers: {
      onText: async () => ({
        message: [line('tidy-docs'), { kind: 'actions', actions: [{ kind: 'pause', target: 'tidy-docs' }] }],
      }),
    },
  });
  const listed = await (await slack.slash('/claude', 'list', { user: ada, channel })).answer();
  await (await slack.clickButton(listed, 'Pause', ada)).answer();
  expect(asked('onCommand').map(({ given }) => given)).toEqual([[{ name: 'pause', target: 'tidy-docs' }]]);
  expect(slack.ephemeralFor(ada).map(({ text }) => text)).toEqual(['tidy-docs', 'done']);
});

test('what the channel is shown is not answered again', async () => {
  const { slack, ada, asked } = await start({
    handlers: { onCommand: async ({ name }) => ({ message: [line(name)], isInChannel: name === 'cancel' }) },
  });
  const message = await post([
    { kind: 'cancel', target: 'r142' },
    { kind: 'log', target: 'r142' },
  ]);
  await slack.clickButton(message, 'cancel', ada);
  await (await slack.clickButton(message, 'log', ada)).answer();
  expect(asked('onCommand')).toHaveLength(2);
  expect(slack.ephemeralFor(ada).map(({ text }) => text)).toEqual(['log']);
});

test('where Slack does not open a form, the person is told so', async () => {
  const { slack, ada } = await start();
  slack.faults.refuse({ method: 'views.open', error: 'expired_trigger_id' });
  const message = await post([
    { kind: 'retry-with-note', target: 'r142' },
    { kind: 'edit', target: 'tidy-docs' },
  ]);
  for (const kind of ['retry-with-note', 'edit']) {
    const act = await slack.clickButton(message, kind, ada);
    expect((await act.answer()).text).toContain('Ask for it again.');
  }
});
