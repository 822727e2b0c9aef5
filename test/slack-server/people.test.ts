import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createBoltApp, createClient, refusalOf } from '../support/slack-server/bolt-app.ts';
import { startSlackServer, type SlackServer } from '../support/slack-server/start-slack-server.ts';
import type { SlackChannel, SlackUser, SlackView } from '../support/slack-server/slack-types.ts';

let slack: SlackServer;
let app: App;
let ada: SlackUser;
let channel: SlackChannel;

beforeEach(async () => {
  slack = await startSlackServer();
  ada = slack.addUser('ada');
  channel = slack.addChannel('deploys', { members: [ada] });
  app = createBoltApp(slack);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const choice = (value: string) => ({ text: plain(value), value });
const form = {
  type: 'modal' as const,
  callback_id: 'form',
  notify_on_close: true,
  title: plain('Form'),
  submit: plain('Go'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'project',
      label: plain('Project'),
      element: {
        type: 'static_select' as const,
        action_id: 'p',
        options: [choice('api'), choice('web')],
        initial_option: choice('api'),
      },
    },
    {
      type: 'input' as const,
      block_id: 'goal',
      label: plain('Goal'),
      element: { type: 'plain_text_input' as const, action_id: 'g', max_length: 10 },
    },
  ],
};

async function openForm(view: object = form): Promise<SlackView> {
  app.command('/claude', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: view as typeof form });
  });
  await app.start();
  return await (await slack.slash('/claude', '', { user: ada, channel })).modal();
}

test('a form is not sent while a needed input is empty, an option is none, or a text is too long', async () => {
  const view = await openForm();
  await expect(slack.submitView(view)).rejects.toThrow('Slack asks for goal');
  expect(() => slack.fill(view, { project: 'secret' })).toThrow('no option secret');
  expect(() => slack.fill(view, { goal: 'x'.repeat(11) })).toThrow('takes 10 characters');
  expect(() => slack.fill(view, { when: 'x' })).toThrow('no input when');
  await expect(slack.enter(view, 'goal', 'x')).rejects.toThrow('no dispatch_action');
});

test('a submission can lead to a next view, and closing is told where that was asked for', async () => {
  const seen: unknown[] = [];
  app.view('form', async ({ ack, view }) => {
    seen.push(view.state.values['project']?.['p']?.selected_option?.value);
    await ack({
      response_action: 'push',
      view: { type: 'modal', callback_id: 'next', title: plain('Sure?'), blocks: [{ type: 'divider' }] },
    });
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack }) => {
    seen.push('closed');
    await ack();
  });
  const view = await openForm();
  const act = await slack.submitView(view, { project: 'web', goal: 'mend' });
  expect(act.ack.ok).toBe(true);
  const next = [...slack.world.views.values()].find(({ parent }) => parent === view.id);
  expect(next?.content['title']).toEqual(plain('Sure?'));
  await slack.closeView(view);
  expect(seen).toEqual(['web', 'closed']);
});

test('errors at what is no input are noted', async () => {
  app.view('form', async ({ ack }) => ack({ response_action: 'errors', errors: { nowhere: 'No.' } }));
  const view = await openForm();
  await slack.submitView(view, { goal: 'mend' });
  expect(slack.violations).toEqual(['Errors at blocks that are no inputs: nowhere.']);
});

test('a view that changed meanwhile is not overwritten by one who names the old hash', async () => {
  const view = await openForm();
  const client = createClient(slack);
  const update = (hash: string) => client.views.update({ view_id: view.id, hash, view: form });
  const old = view.hash;
  await update(old);
  expect(await refusalOf(update(old))).toBe('hash_conflict');
});

test.each([
  ['a title of 25 characters', { title: plain('x'.repeat(25)) }],
  ['a private_metadata of 3,001 characters', { private_metadata: 'x'.repeat(3001) }],
  ['inputs without a submit button', { submit: undefined }],
  ['101 blocks', { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }],
  [
    'an initial option that is none',
    { blocks: [{ ...form.blocks[0], element: { ...form.blocks[0]?.element, initial_option: choice('x') } }] },
  ],
  ['no options', { blocks: [{ ...form.blocks[0], element: { type: 'static_select', action_id: 'p', options: [] } }] }],
])('a view with %s is refused and noted', async (_what, change) => {
  let trigger = '';
  app.command('/claude', async ({ ack, command }) => {
    trigger = command.trigger_id;
    await ack();
  });
  await app.start();
  await slack.slash('/claude', '', { user: ada, channel });
  const view = { ...form, ...change } as typeof form;
  expect(await refusalOf(createClient(slack).views.open({ trigger_id: trigger, view }))).toBe('invalid_arguments');
  expect(slack.violations).toHaveLength(1);
});
