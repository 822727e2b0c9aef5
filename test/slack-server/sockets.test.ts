import { once } from 'node:events';

import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { createClient } from '../support/slack-server/bolt-app.ts';
import { startSlackServer, type SlackServer } from '../support/slack-server/start-slack-server.ts';

let slack: SlackServer;
beforeEach(async () => {
  slack = await startSlackServer({ acknowledgeWithinMs: 1500 });
});
afterEach(() => slack.close());

async function openUrl(): Promise<string> {
  const { url = '' } = await createClient(slack, slack.appToken).apps.connections.open({});
  return url;
}

interface Connection {
  socket: WebSocket;
  got: Record<string, unknown>[];
}

async function connect(): Promise<Connection> {
  const socket = new WebSocket(await openUrl());
  const got: Connection['got'] = [];
  socket.on('message', (data) => got.push(JSON.parse((data as Buffer).toString('utf8')) as Connection['got'][number]));
  await once(socket, 'message');
  return { socket, got };
}

test('a connection begins with hello, and its URL is good for one', async () => {
  const { got } = await connect();
  expect(got[0]).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: slack.world.bot.app } });
  const url = await openUrl();
  const first = new WebSocket(url);
  await once(first, 'open');
  const second = new WebSocket(url);
  const [error] = (await once(second, 'error')) as [Error];
  expect(error.message).toContain('403');
});

test('each delivery goes to one connection, and over many of them each gets some', async () => {
  const connections = [await connect(), await connect()];
  for (const { socket, got } of connections) {
    socket.on('message', () => socket.send(JSON.stringify({ envelope_id: got.at(-1)?.['envelope_id'] })));
  }
  const ada = slack.addUser('ada');
  const channel = slack.addChannel('deploys', { members: [ada] });
  const acts = await Promise.all(
    Array.from({ length: 40 }, () => slack.slash('/claude', 'list', { user: ada, channel })),
  );
  expect(acts.every(({ ack }) => ack.ok)).toBe(true);
  const counts = connections.map(({ got }) => got.filter(({ type }) => type === 'slash_commands').length);
  expect(counts[0]! + counts[1]!).toBe(40);
  expect(Math.min(...counts)).toBeGreaterThan(0);
});

test('what is acknowledged with something else is noted, and counts for nothing', async () => {
  const { socket } = await connect();
  socket.on('message', () => socket.send('{}'));
  const ada = slack.addUser('ada');
  const act = await slack.slash('/claude', 'list', { user: ada, channel: slack.addChannel('deploys') });
  expect(act.ack).toMatchObject({ failure: 'operation_timeout' });
  expect(slack.violations[0]).toContain('without envelope_id');
});

test('nobody who is connected is told at once', async () => {
  const ada = slack.addUser('ada');
  const act = await slack.slash('/claude', 'list', { user: ada, channel: slack.addChannel('deploys') });
  expect(act.ack).toMatchObject({ ok: false, failure: 'dispatch_failed' });
});

test('a warning comes over the connection, and a frozen one answers no ping', async () => {
  const { socket, got } = await connect();
  slack.sockets.announceEnd('warning');
  await once(socket, 'message');
  expect(got.at(-1)).toMatchObject({ type: 'disconnect', reason: 'warning' });
  socket.ping('a');
  await once(socket, 'pong');
  slack.sockets.freeze();
  let pongs = 0;
  socket.on('pong', () => (pongs += 1));
  socket.ping('b');
  const fresh = await connect();
  fresh.socket.ping('c');
  await once(fresh.socket, 'pong');
  expect(pongs).toBe(0);
});
