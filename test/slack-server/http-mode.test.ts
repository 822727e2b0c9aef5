import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { App, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startSlackServer, type SlackServer } from '../support/slack-server/start-slack-server.ts';
import type { SlackChannel, SlackUser } from '../support/slack-server/slack-types.ts';

let slack: SlackServer;
let app: App | undefined;
let ada: SlackUser;
let channel: SlackChannel;

beforeEach(async () => {
  app = undefined;
  slack = await startSlackServer({ acknowledgeWithinMs: 500 });
  ada = slack.addUser('ada');
  channel = slack.addChannel('deploys', { members: [ada] });
});
afterEach(async () => {
  await app?.stop();
  await slack.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function startApp(signingSecret: string): Promise<string> {
  const port = await freePort();
  const clientOptions = { slackApiUrl: slack.apiUrl };
  app = new App({ token: slack.botToken, signingSecret, clientOptions, logLevel: LogLevel.ERROR, port });
  app.command('/claude', async ({ ack, command }) => ack({ text: `got ${command.text}` }));
  app.action('go', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'gone' });
  });
  app.event('app_mention', async () => {});
  await app.start();
  const url = `http://127.0.0.1:${port}/slack/events`;
  slack.useHttp(url);
  return url;
}

test('commands, buttons and events arrive signed, and an answer of 200 acknowledges them', async () => {
  const url = await startApp(slack.signingSecret);
  expect(await slack.verifyUrl(url)).toBe(true);
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  expect(await act.answer()).toMatchObject({ text: 'got list', via: 'acknowledgement' });
  const elements = [{ type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } }];
  await app?.client.chat.postMessage({ channel: channel.id, text: 'a', blocks: [{ type: 'actions', elements }] });
  const pressed = await slack.clickButton(slack.messagesIn(channel)[0]!, 'Go', ada);
  expect(await pressed.answer()).toMatchObject({ text: 'gone' });
  const { ack } = await slack.mention('status', { user: ada, channel });
  expect(ack).toMatchObject({ ok: true });
  expect(slack.violations).toEqual([]);
});

test('an app that checks with another secret takes nothing', async () => {
  await startApp('another');
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  expect(act.ack).toMatchObject({ ok: false, failure: 'operation_timeout' });
});

test('where nobody listens the time runs out', async () => {
  slack.useHttp(`http://127.0.0.1:${await freePort()}/`);
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  expect(act.ack).toMatchObject({ ok: false, failure: 'operation_timeout' });
});
