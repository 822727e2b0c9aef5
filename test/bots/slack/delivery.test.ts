import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createOutgoing, type Outgoing } from '../../../src/bots/slack/outgoing.ts';
import { createWebClient } from '../../../src/bots/slack/web-client.ts';
import { openDatabase, type Db } from '../../../src/db/open-database.ts';
import { createStore, type Store } from '../../../src/db/store.ts';
import { createDeliver, type Deliver } from '../../../src/desk/deliver.ts';
import { buttons, line } from '../../../src/model/message.ts';
import { silentSlackLog } from '../../support/silent-slack-log.ts';
import type { SlackChannel } from '../../support/slack-server/slack-types.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server/start-slack-server.ts';

let folder: string;
let db: Db;
let slack: SlackServer;
let channels: SlackChannel[];
let store: Store;
let deliver: Deliver;
let outgoing: Outgoing;
let nowMs: number;
let files: { name: string; path: string }[];

beforeEach(async () => {
  slack = await startSlackServer();
  channels = ['deploys', 'nightly'].map((name) => slack.addChannel(name));
  folder = mkdtempSync(join(tmpdir(), 'slack-delivery-'));
  db = openDatabase(join(folder, 'nightdesk.db'));
  store = createStore(db);
  files = ['attempt-1.log', 'changes.patch'].map((name) => ({ name, path: join(folder, name) }));
  for (const { path } of files) writeFileSync(path, 'text');
  nowMs = Date.now();
  startBot();
});
afterEach(async () => {
  await stopBot();
  await slack.close();
  db.$client.close();
  rmSync(folder, { recursive: true });
});

const now = (): Date => new Date(nowMs);

function startBot(): void {
  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl, logger: silentSlackLog });
  const onFault = (): void => {};
  outgoing = createOutgoing({ client, pageUrl: () => undefined, now, onFault, postIntervalMs: 1 });
  const chat = { ...outgoing, platform: 'slack', start: async () => {}, stop: async () => {} };
  const settings = { commandName: '/claude' };
  deliver = createDeliver({ store, chats: new Map([['slack', chat]]), settings, now, onFault });
}

async function stopBot(): Promise<void> {
  await deliver.stop();
  outgoing.stop();
  await outgoing.idle();
}

/** Half a minute later, as often as it takes. */
async function deliverAll(): Promise<void> {
  for (let turn = 0; turn < 60 && store.outbox.waitingChannels().length > 0; turn += 1) {
    deliver.wake();
    await deliver.idle();
    await outgoing.idle();
    nowMs += 30_000;
  }
  expect(store.outbox.waitingChannels()).toEqual([]);
}

const runs = [1, 2, 3];

function showRuns(word: string): void {
  store.change(({ outbox }) => {
    for (const { id } of channels) {
      for (const run of runs) {
        const body = [line(`${id} r${run} ${word}`), buttons({ kind: 'cancel', target: `r${run}` })];
        outbox.show({ key: `run:${id}:${run}`, channel: `slack:${id}`, body }, now());
      }
    }
  });
}

function tellResults(): void {
  store.change(({ outbox }) => {
    for (const { id } of channels) {
      for (const run of runs) {
        const key = `run:${id}:${run}`;
        const body = [line(`${id} r${run} proof`)];
        outbox.post({ key: `result:${key}`, channel: `slack:${id}`, threadOf: key, body, attachments: files }, now());
      }
    }
  });
}

/** Each channel has each run once, with its result once and its two files in one message, in their order. */
async function expectAllOnce(word: string): Promise<void> {
  const all = channels.length * runs.length * 3;
  await slack.until('the last files', () => slack.world.messages.length >= all);
  for (const channel of channels) {
    const shown = slack.messagesIn(channel);
    expect(shown.map(({ text }) => text)).toEqual(runs.map((run) => `${channel.id} r${run} ${word}`));
    for (const [index, parent] of shown.entries()) {
      const thread = slack.messagesIn(channel, parent);
      expect(thread.map(({ text }) => text)).toEqual([`${channel.id} r${runs[index]} proof`, '']);
      expect(thread.map((each) => slack.filesOf(each).map(({ name }) => name))).toEqual([
        [],
        ['attempt-1.log', 'changes.patch'],
      ]);
    }
  }
}

const methods = [
  'chat.postMessage',
  'chat.update',
  'files.getUploadURLExternal',
  'files.completeUploadExternal',
  'files.info',
  'conversations.history',
  'conversations.replies',
];

describe('what the desk has to tell, in Slack', () => {
  test('comes once and in order, whatever becomes of calls and answers', async () => {
    for (const method of methods) {
      slack.faults.dropAnswer({ method, times: 1 });
      slack.faults.breakDown({ method, times: 1, status: 503 });
      slack.faults.dropAnswer({ method, times: 1, isStored: false });
      slack.faults.rateLimit({ method, times: 1, retryAfter: 20 });
      slack.faults.dropAnswer({ method, times: 2 });
    }
    showRuns('running');
    await deliverAll();
    showRuns('done');
    tellResults();
    await deliverAll();
    await expectAllOnce('done');
    expect(slack.violations).toEqual([]);
  });

  test('comes once where the bot ends again and again before it learns what it has sent', async () => {
    showRuns('running');
    for (let killed = 0; killed < 4; killed += 1) {
      slack.faults.dropAnswer({ method: 'chat.postMessage', times: 1 });
      deliver.wake();
      await stopBot();
      nowMs += 30_000;
      startBot();
    }
    await deliverAll();
    showRuns('done');
    tellResults();
    for (let killed = 0; killed < 4; killed += 1) {
      slack.faults.dropAnswer({
        method: killed % 2 === 0 ? 'files.completeUploadExternal' : 'chat.postMessage',
        times: 1,
      });
      deliver.wake();
      await stopBot();
      nowMs += 30_000;
      startBot();
    }
    await deliverAll();
    await expectAllOnce('done');
    expect(slack.violations).toEqual([]);
  });

  test('is as it was last written, also where a try with an earlier text came through', async () => {
    slack.faults.dropAnswer({ method: 'chat.postMessage', times: channels.length });
    showRuns('running');
    deliver.wake();
    await deliver.idle();
    await stopBot();
    showRuns('done');
    startBot();
    tellResults();
    await deliverAll();
    await expectAllOnce('done');
    expect(slack.violations).toEqual([]);
  });

  test('waits while the network is gone, and then comes', async () => {
    slack.faults.cutNetwork();
    showRuns('running');
    tellResults();
    for (let turn = 0; turn < 3; turn += 1) {
      deliver.wake();
      await deliver.idle();
      nowMs += 600_000;
    }
    slack.faults.mendNetwork();
    await deliverAll();
    await expectAllOnce('running');
    expect(slack.violations).toEqual([]);
  });
});
