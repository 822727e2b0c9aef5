import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { startSlackPeople, type SlackPeople, type SlackPeopleOptions } from '../../support/slack-people.ts';

let people: SlackPeople;
const logged: { level: number; msg: string }[] = [];

const start = async (options: SlackPeopleOptions = {}): Promise<SlackPeople> =>
  (people = await startSlackPeople({
    ...options,
    log: (text) => {
      logged.push(JSON.parse(text) as { level: number; msg: string });
      people?.slack.world.signal.touch();
    },
  }));

const warnings = (): string[] => logged.filter(({ level }) => level >= 40).map(({ msg }) => msg);

afterEach(async () => {
  await people.stop();
  logged.length = 0;
  expect(people.faults).toEqual([]);
  expect(people.slack.violations).toEqual([]);
});

test.each([
  ['refresh_requested', 'one'],
  ['warning', 'all'],
] as const)('while Slack renews connections (%s, %s) no command is lost', async (reason, which) => {
  const { slack, ada, channel, asked } = await start();
  expect(slack.sockets.count()).toBe(2);
  slack.sockets.announceEnd(reason, which);
  const acts = await Promise.all(
    Array.from({ length: 20 }, (_, at) => slack.slash('/claude', `run job-${at}`, { user: ada, channel })),
  );
  await slack.until('new connections', () => slack.sockets.count() > 2);
  expect(acts.filter(({ ack }) => !ack.ok)).toEqual([]);
  await slack.until('all commands', () => asked('onText').length === 20);
  expect(warnings()).toEqual([]);
});

test('when both are cut at once, they are back at once, and what was not acknowledged acts once', async () => {
  const late = Promise.withResolvers<void>();
  const { slack, ada, channel, asked } = await start({
    members: async () => late.promise.then(() => ({ isGone: false })),
  });
  const lost = slack.mention('retry', { user: ada, channel });
  await slack.until('the envelope', () => slack.deliveries.all.length === 1);
  slack.sockets.cut();
  await slack.until('the cut', () => slack.sockets.count() === 0);
  await slack.connected(2);
  late.resolve();
  expect(slack.deliveries.retryEvents()).toBe(1);
  await lost;
  await slack.until('the answer', () => people.posted.length > 0);
  expect(asked('onMention')).toHaveLength(1);
});

test('where Slack is down at the start, it is tried again until it is there', async () => {
  const { slack, ada, channel, incoming } = await start({ isConnected: false, isStarted: false });
  slack.faults.cutNetwork();
  incoming.start(people.handlers);
  await slack.until('a warning', () => warnings().length > 0);
  expect(warnings()).toEqual([expect.stringMatching(/^Slack can't be reached: .* It is tried again\.$/)]);
  slack.faults.mendNetwork();
  await slack.connected(2);
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  expect(await act.answer()).toMatchObject({ text: 'done' });
});

test.each(['bot', 'app'] as const)(
  'a revoked %s token is said once, with what to do, and the end is quick',
  async (kind) => {
    const { slack, incoming } = await start({ isConnected: false, isStarted: false });
    slack.revokeToken(kind);
    incoming.start(people.handlers);
    await slack.until('a warning', () => warnings().length > 0);
    const since = performance.now();
    await incoming.stop();
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(warnings()).toEqual([
      'Slack refuses the app: the token was revoked (token_revoked). Make a new token in the app’s settings and restart nightdesk; `nightdesk doctor` checks it.',
    ]);
  },
);

test('nothing that the log has shows a token', async () => {
  const { slack, incoming } = await start();
  slack.sockets.cut();
  await slack.until('the cut', () => slack.sockets.count() === 0);
  await slack.connected(2);
  slack.revokeToken('app');
  slack.sockets.cut();
  await slack.until('a warning', () => warnings().length > 0);
  await incoming.stop();
  const text = JSON.stringify(logged);
  expect(text).not.toContain(slack.appToken);
  expect(text).not.toContain(slack.botToken);
});

test('at the end what has arrived is acknowledged and answered, and no connection is left', async () => {
  const late = Promise.withResolvers<void>();
  let lookups = 0;
  const { slack, ada, bob, channel, incoming } = await start({
    async members() {
      lookups += 1;
      people.slack.world.signal.touch();
      await late.promise;
      return { isGone: false };
    },
  });
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  const mentioned = slack.mention('status', { user: bob, channel });
  await slack.until('both', () => lookups === 2);
  const stopped = incoming.stop();
  late.resolve();
  await stopped;
  expect((await mentioned).ack).toMatchObject({ ok: true });
  expect(act.answers().map(({ text }) => text)).toEqual(['done']);
  expect(people.posted).toHaveLength(1);
  await slack.until('the end', () => slack.sockets.count() === 0);
});

/** A port that is free a moment later. */
async function freePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startHttp({ authMs = 0 } = {}): Promise<string> {
  const port = await freePort();
  const { slack, incoming, handlers } = await start({
    isConnected: false,
    isStarted: false,
    transport: ({ signingSecret }) => ({ mode: 'http', signingSecret, host: '127.0.0.1', port, path: '/slack/events' }),
  });
  const url = `http://127.0.0.1:${port}/slack/events`;
  slack.faults.slow(authMs, 'auth.test');
  incoming.start(handlers);
  await slack.until('Slack to be connected', () => logged.some(({ msg }) => msg === 'Connected to Slack'));
  slack.useHttp(url);
  return url;
}

test('over HTTP commands, forms, buttons and mentions arrive as well', async () => {
  await startHttp();
  const { slack, ada, channel, asked } = people;
  const act = await slack.slash('/claude', 'list', { user: ada, channel });
  expect(act.ack).toMatchObject({ ok: true });
  expect(await act.answer()).toMatchObject({ text: 'done' });
  const view = await (await slack.slash('/claude', 'schedule', { user: ada, channel })).modal();
  await slack.submitView(view, { 'nd-form:goal': 'a thing', 'nd-form:project': 'api' });
  expect(view.isOpen).toBe(false);
  slack.deliveries.copies(2);
  await slack.mention('status', { user: ada, channel });
  await slack.until('the answer', () => people.posted.length > 0);
  expect(asked('onForm')).toHaveLength(1);
  expect(asked('onMention')).toHaveLength(1);
});

test('over HTTP a mention that comes before it is known who the bot is waits for that', async () => {
  await startHttp({ authMs: 400 });
  const { slack, ada, channel, asked } = people;
  await slack.mention('status', { user: ada, channel });
  await slack.until('the answer', () => people.posted.length > 0);
  expect(asked('onMention').map(({ given }) => given[0])).toEqual(['status']);
});

test('over HTTP nothing without Slack’s signature gets in', async () => {
  const url = await startHttp();
  const body = new URLSearchParams({ command: '/claude', text: 'list', user_id: people.ada.id, channel_id: 'C1' });
  const headers = {
    'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
    'x-slack-signature': `v0=${'0'.repeat(64)}`,
  };
  expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(401);
  expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
  expect(people.handed).toEqual([]);
});
