import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createOutgoing } from '../src/bots/slack/outgoing.ts';
import { createWebClient } from '../src/bots/slack/web-client.ts';
import { openDatabase } from '../src/db/open-database.ts';
import { createStore, type Store } from '../src/db/store.ts';
import { createDeliver } from '../src/desk/deliver.ts';
import { createAlarmClock } from '../src/scheduler/create-alarm-clock.ts';
import { silentSlackLog } from '../test/support/silent-slack-log.ts';
import { startSlackServer, type SlackServer } from '../test/support/slack-server/start-slack-server.ts';
import { showEnded, showRunning, untilDelivered } from './end-runs.ts';
import { printFigures, type Figure } from './measure.ts';

const postsPerSecond = 1;

interface Taken {
  /** From the end of the runs to the last message of each channel. */
  seconds: Map<string, number>;
  /** What one channel's results needed: messages, and files put into threads. */
  posts: Map<string, number>;
}

/** Each run's status message is there; then all runs end at once. */
async function deliverResults(channels: number, hotSeconds: number): Promise<Taken> {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-bench-'));
  const slack = await startSlackServer();
  const ids = Array.from({ length: channels }, (_, index) => slack.addChannel(`channel-${index}`).id);
  const places = ids.map((id) => `slack:${id}`);
  const db = openDatabase(join(folder, 'nightdesk.db'));
  const store = createStore(db);
  const { deliver, outgoing, clock } = createDelivery(slack, store, db);
  const files = ['attempt-2.log', 'changes.patch'].map((name) => ({ name, path: join(folder, name) }));
  for (const { path } of files) writeFileSync(path, 'x'.repeat(100_000));
  try {
    await clock.start([], () => deliver.wake());
    showRunning(store, places);
    await untilDelivered(store, places, deliver);
    await outgoing.idle();
    slack.calls.length = 0;
    slack.faults.limitPace({ perSecond: postsPerSecond, burst: 1 });
    if (hotSeconds > 0) {
      slack.faults.rateLimit({
        method: 'chat.postMessage',
        channel: ids[0] ?? '',
        retryAfter: hotSeconds,
        times: 1,
      });
    }
    const startedAt = Date.now();
    showEnded(store, places, files);
    await untilDelivered(store, places, deliver);
    const shown = slack.calls.filter(
      ({ method, answer }) =>
        (method === 'chat.postMessage' || method === 'files.completeUploadExternal') && answer['ok'] === true,
    );
    const ofChannel = (id: string) => shown.filter(({ args }) => (args['channel'] ?? args['channel_id']) === id);
    return {
      posts: new Map(ids.map((id) => [id, ofChannel(id).length])),
      seconds: new Map(ids.map((id) => [id, ((ofChannel(id).at(-1)?.at.getTime() ?? NaN) - startedAt) / 1_000])),
    };
  } finally {
    await deliver.stop();
    outgoing.stop();
    await clock.stop();
    await slack.close();
    db.$client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function createDelivery(slack: SlackServer, store: Store, db: ReturnType<typeof openDatabase>) {
  const now = (): Date => new Date();
  const onFault = (error: unknown): void => console.error(error);
  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl, logger: silentSlackLog });
  const outgoing = createOutgoing({ client, pageUrl: () => undefined, now, onFault });
  const deliver = createDeliver({
    store,
    chats: new Map([['slack', { ...outgoing, platform: 'slack', start: async () => {}, stop: async () => {} }]]),
    settings: { commandName: '/claude' },
    now,
    onFault,
  });
  const clock = createAlarmClock({ database: db.$client, onFault });
  store.onCommit((alarms) => {
    clock.alarmsWritten(alarms);
    deliver.wake();
  });
  return { deliver, outgoing, clock };
}

/** 100 runs that end at once in ten channels, over Slack's limit of one post a second in a channel. */
export async function benchSlackResults(): Promise<void> {
  const even = await deliverResults(10, 0);
  const hot = await deliverResults(10, 15);
  const [, ...others] = hot.seconds.keys();
  const figures: Figure[] = [
    figure('100 results in 10 channels, over the floor', even, [...even.seconds.keys()]),
    figure('the same with one channel told to wait 15 s: the others', hot, others),
  ];
  printFigures('Results in Slack', figures);
}

function figure(what: string, { seconds, posts }: Taken, ids: string[]): Figure {
  const worst = Math.max(...ids.map((id) => seconds.get(id) ?? NaN));
  const needed = Math.max(...ids.map((id) => posts.get(id) ?? NaN));
  const ratio = worst / (needed / postsPerSecond);
  return {
    what: `${what} (${needed} posts a channel)`,
    value: `${worst.toFixed(1)} s, ${ratio.toFixed(2)} ×`,
    goal: '≤ 1.2 ×',
    isMet: ratio <= 1.2,
  };
}
