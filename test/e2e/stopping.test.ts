import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { readUndelivered } from '../../src/db/read-undelivered.ts';
import { startBot, type BotProcess } from '../support/bot-process.ts';
import { startSlackServer } from '../support/slack-server/start-slack-server.ts';
import { git, makeRepository, tempFolder } from '../support/temp-repository.ts';

let bot: BotProcess | undefined;
let remote: Server;
let connections: Socket[];

/** A remote that takes the connection of `git fetch` and never says a word. */
beforeEach(async () => {
  connections = [];
  remote = createServer((socket) => connections.push(socket.on('error', () => {})));
  remote.listen(0, '127.0.0.1');
  await once(remote, 'listening');
});
afterEach(async () => {
  await bot?.end('SIGKILL');
  for (const socket of connections) socket.destroy();
  remote.close();
  await once(remote, 'close');
});

/** A bot whose run is at `git fetch`. */
async function startFetching(): Promise<BotProcess> {
  const root = tempFolder();
  mkdirSync(path.join(root, 'home'));
  makeRepository(path.join(root, 'project'), { 'README.md': 'a project\n' });
  const { port } = remote.address() as AddressInfo;
  git(path.join(root, 'project'), 'remote', 'add', 'origin', `git://127.0.0.1:${port}/project`);
  const config = path.join(root, 'nightdesk.yaml');
  const yaml = {
    dataDirectory: 'data',
    claude: { command: ['true'] },
    projects: { api: { path: 'project' } },
    web: { port: 0, people: ['ada'] },
  };
  writeFileSync(config, JSON.stringify(yaml));
  const started = await startBot(config, { PATH: process.env['PATH'] ?? '', HOME: path.join(root, 'home') });
  bot = started;
  const isFetching = once(remote, 'connection');
  await started.api('command', { channel: 'general', text: 'schedule look around --when now' });
  await isFetching;
  return started;
}

test('a bot that gets SIGTERM while git is at work stops in order', { timeout: 120_000 }, async () => {
  const started = await startFetching();
  const startedMs = performance.now();
  expect(await started.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  expect(started.stderr()).toContain('Stopping; attempts under way go on without the bot');
});

test('a bot that can leave no word of where it listens says so, works all the same, and ends as it is asked to', async () => {
  const root = tempFolder();
  const config = path.join(root, 'nightdesk.yaml');
  for (const folder of ['project', 'data/bot.json']) mkdirSync(path.join(root, folder), { recursive: true });
  const yaml = { dataDirectory: 'data', projects: { api: { path: 'project' } }, web: { port: 0 } };
  writeFileSync(config, JSON.stringify(yaml));
  bot = await startBot(config, { PATH: process.env['PATH'] ?? '', HOME: root });
  expect(await bot.api('jobs')).toEqual({ jobs: [], hasMore: false });
  expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
  // Who waits for it to be ready asks at once.
  expect(bot.stderr()).toMatch(/Commands of the terminal will not find this bot[^]*nightdesk is ready/);
});

test('a bot that gets SIGTERM while Slack gives no answer ends in time, and tells it after its next start', async () => {
  const slack = await startSlackServer();
  onTestFinished(() => slack.close());
  const channel = slack.addChannel('night');
  const root = tempFolder();
  makeRepository(path.join(root, 'project'), { 'README.md': 'a project\n' });
  const config = path.join(root, 'nightdesk.yaml');
  const yaml = {
    dataDirectory: 'data',
    // It is not there, which is told in the channel for alerts.
    claude: { command: [path.join(root, 'claude')] },
    projects: { api: { path: 'project' } },
    alerts: `slack:${channel.id}`,
    slack: { apiUrl: slack.apiUrl },
    web: { port: 0, people: ['ada'] },
  };
  writeFileSync(config, JSON.stringify(yaml));
  const { botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN } = slack;
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, SLACK_BOT_TOKEN, SLACK_APP_TOKEN };
  slack.faults.slow(120_000, 'chat.postMessage');
  bot = await startBot(config, env);
  await vi.waitUntil(() => readUndelivered(path.join(root, 'data', 'nightdesk.db')).length === 1, { timeout: 20_000 });
  const startedMs = performance.now();
  expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  slack.faults.clear();
  bot = await startBot(config, env);
  await vi.waitUntil(() => slack.messagesIn(channel).length === 1, { timeout: 20_000 });
}, 120_000);
