import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createBoltApp, createClient } from '../support/slack-server/bolt-app.ts';
import { buttonLabels } from '../support/slack-server/find-button.ts';
import { startSlackServer, type SlackServer } from '../support/slack-server/start-slack-server.ts';
import type { SlackChannel, SlackUser } from '../support/slack-server/slack-types.ts';

let slack: SlackServer;
let app: App;
let ada: SlackUser;
let channel: SlackChannel;
let skippedMs = 0;

beforeEach(async () => {
  skippedMs = 0;
  slack = await startSlackServer({ acknowledgeWithinMs: 1000, now: () => new Date(Date.now() + skippedMs) });
  ada = slack.addUser('ada');
  channel = slack.addChannel('deploys', { members: [ada] });
  app = createBoltApp(slack);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

const modal = {
  type: 'modal' as const,
  callback_id: 'job',
  title: { type: 'plain_text' as const, text: 'New job' },
  submit: { type: 'plain_text' as const, text: 'Schedule' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'goal',
      label: { type: 'plain_text' as const, text: 'Goal' },
      element: { type: 'plain_text_input' as const, action_id: 'goal', multiline: true },
    },
    {
      type: 'input' as const,
      block_id: 'when',
      optional: true,
      dispatch_action: true,
      label: { type: 'plain_text' as const, text: 'When' },
      element: { type: 'plain_text_input' as const, action_id: 'when' },
    },
  ],
};

test('a command reaches the app with its entities, and the answers reach its person', async () => {
  const texts: string[] = [];
  app.command('/claude', async ({ ack, respond, command }) => {
    texts.push(command.text);
    await ack();
    await respond({ text: 'one', response_type: 'ephemeral' });
    await respond({ text: 'two', response_type: 'in_channel' });
  });
  await app.start();
  const act = await slack.slash('/claude', 'ask @ada & co about https://example.org', { user: ada, channel });
  expect(texts).toEqual([`ask <@${ada.id}|ada> &amp; co about <https://example.org>`]);
  expect(act.ack).toMatchObject({ ok: true });
  expect(await act.answer()).toMatchObject({ text: 'one', user: ada.id, via: 'response_url' });
  await slack.until('the other', () => slack.messagesIn(channel).some(({ text }) => text === 'two'));
});

test('a response_url is good for five answers', async () => {
  app.command('/claude', async ({ ack, respond }) => {
    await ack();
    for (let use = 1; use <= 6; use += 1) await respond(`answer ${use}`);
  });
  await app.start();
  const act = await slack.slash('/claude', '', { user: ada, channel });
  await slack.until('the refusal', () => slack.violations.length > 0);
  expect(act.answers()).toHaveLength(5);
  expect(slack.violations).toEqual(['A response_url was used more than five times.']);
});

test('an app that takes too long is noted, and the person sees a timeout', async () => {
  let acknowledge: (() => Promise<void>) | undefined;
  app.command('/claude', async ({ ack }) => void (acknowledge = ack));
  await app.start();
  const act = await slack.slash('/claude', '', { user: ada, channel });
  expect(act.ack).toMatchObject({ ok: false, failure: 'operation_timeout' });
  expect(slack.violations).toEqual(['slash_commands: not acknowledged within 1000 ms.']);
  await acknowledge?.();
});

test('a form is opened, tells of an entered field, says faults at their fields, and is closed', async () => {
  app.command('/claude', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: modal });
  });
  app.action('when', async ({ ack, body, client }) => {
    await ack();
    const { view } = body as { view?: { id: string; hash: string } };
    const note = { type: 'context' as const, elements: [{ type: 'mrkdwn' as const, text: 'at nine' }] };
    await client.views.update({
      view_id: view?.id ?? '',
      hash: view?.hash ?? '',
      view: { ...modal, blocks: [...modal.blocks, note] },
    });
  });
  const goals: unknown[] = [];
  app.view('job', async ({ ack, view }) => {
    const goal = view.state.values['goal']?.['goal']?.value;
    goals.push(goal);
    if (goal === 'bad') await ack({ response_action: 'errors', errors: { goal: 'No.' } });
    else await ack();
  });
  await app.start();
  const act = await slack.slash('/claude', 'schedule', { user: ada, channel });
  const view = await act.modal();
  slack.fill(view, { goal: 'bad' });
  await slack.enter(view, 'when', 'at 9');
  await slack.until('the note', () => view.content.blocks.length === 3);
  await slack.submitView(view);
  expect(view).toMatchObject({ isOpen: true, errors: { goal: 'No.' } });
  await slack.submitView(view, { goal: 'good' });
  expect(view.isOpen).toBe(false);
  expect(goals).toEqual(['bad', 'good']);
  expect(slack.violations).toEqual([]);
});

test('a form that is asked for after three seconds is refused', async () => {
  let trigger = '';
  app.command('/claude', async ({ ack, command }) => {
    await ack();
    trigger = command.trigger_id;
  });
  await app.start();
  await slack.slash('/claude', 'schedule', { user: ada, channel });
  skippedMs = 3001;
  const open = createClient(slack).views.open({ trigger_id: trigger, view: modal });
  await expect(open).rejects.toMatchObject({ data: { error: 'expired_trigger_id' } });
  expect(slack.violations).toHaveLength(1);
});

test('a button tells the app who pressed it where, and its answer can replace the message', async () => {
  const seen: unknown[] = [];
  app.action('nd:retry:r1', async ({ ack, body, respond }) => {
    seen.push([body.user.id, body.channel?.id]);
    await ack();
    await respond({ replace_original: true, text: 'done' });
  });
  await app.start();
  const elements = [
    { type: 'button' as const, action_id: 'nd:retry:r1', text: { type: 'plain_text' as const, text: 'Retry' } },
  ];
  await createClient(slack).chat.postMessage({
    channel: channel.id,
    text: 'r1',
    blocks: [{ type: 'actions', elements }],
  });
  const [message] = slack.messagesIn(channel);
  expect(buttonLabels(message!.blocks)).toEqual(['Retry']);
  await expect(slack.clickButton(message!, 'Cancel', ada)).rejects.toThrow('nd:retry:r1 “Retry”');
  await slack.clickButton(message!, 'Retry', ada);
  await slack.until('the change', () => message!.text === 'done');
  expect(seen).toEqual([[ada.id, channel.id]]);
});

test('mentions and reactions are told where the bot is, and not elsewhere', async () => {
  const seen: string[] = [];
  app.event('app_mention', async ({ event }) => void seen.push(event.text));
  app.event('reaction_added', async ({ event }) => void seen.push(event.reaction));
  app.event('reaction_removed', async ({ event }) => void seen.push(`-${event.reaction}`));
  await app.start();
  const { message } = await slack.mention('status', { user: ada, channel });
  await slack.react('added', message, 'repeat', ada);
  await slack.react('removed', message, 'repeat', ada);
  slack.removeBot(channel);
  expect(await slack.react('added', message, 'repeat', ada)).toBeUndefined();
  await slack.until('the events', () => seen.length === 3);
  expect(seen).toEqual([`<@${slack.world.bot.user}> status`, 'repeat', '-repeat']);
});

test('an envelope can come again, and each copy is acknowledged', async () => {
  let count = 0;
  app.command('/claude', async ({ ack }) => {
    count += 1;
    await ack();
  });
  await app.start();
  slack.deliveries.copies(2);
  await slack.slash('/claude', 'list', { user: ada, channel });
  await slack.until('three', () => slack.deliveries.all[0]?.acknowledgedMs.length === 3);
  expect(count).toBe(3);
});

test('an app that is told to refresh comes back, and an event that met nobody is sent again', async () => {
  const seen: string[] = [];
  app.event('app_mention', async ({ event }) => void seen.push(event.text));
  await app.start();
  await slack.connected();
  slack.sockets.announceEnd('refresh_requested');
  await slack.until('the end', () => slack.sockets.count() === 0);
  const { ack } = await slack.mention('status', { user: ada, channel });
  expect(ack).toMatchObject({ ok: false, failure: 'dispatch_failed' });
  await slack.connected();
  expect(slack.deliveries.retryEvents()).toBe(1);
  await slack.until('the event', () => seen.length === 1);
});
