import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pino from 'pino';

import { createDiscordApi } from '../src/bots/discord/discord-api.ts';
import { createOutgoing } from '../src/bots/discord/outgoing.ts';
import { openDatabase } from '../src/db/open-database.ts';
import { createStore } from '../src/db/store.ts';
import { createDeliver } from '../src/desk/deliver.ts';
import { createAlarmClock } from '../src/scheduler/create-alarm-clock.ts';
import { startDiscordServer, type DiscordServer } from '../test/support/discord-server/discord-server.ts';
import { strictLimits } from '../test/support/discord-server/rate-limits.ts';
import { showEnded, showRunning, untilDelivered } from './end-runs.ts';
import { printFigures } from './measure.ts';

/** 100 runs that end at once in ten channels, over the limits that Discord has: five posts and five edits in 5 s a channel. */
export async function benchDiscordResults(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-bench-'));
  const discord = await startDiscordServer({ limits: strictLimits });
  const places = Array.from({ length: 10 }, (_, index) => `discord:${discord.addChannel(`channel-${index}`).id}`);
  const db = openDatabase(join(folder, 'nightdesk.db'));
  const store = createStore(db);
  const now = (): Date => new Date();
  const onFault = (error: unknown): void => console.error(error);
  const api = createDiscordApi({ ...discord, log: pino({ level: 'silent' }) });
  const outgoing = createOutgoing({ api, pageUrl: () => undefined, now, onFault });
  const chat = { ...outgoing, platform: 'discord', start: async () => {}, stop: async () => {} };
  const settings = { commandName: '/claude' };
  const deliver = createDeliver({ store, chats: new Map([['discord', chat]]), settings, now, onFault });
  const clock = createAlarmClock({ database: db.$client, onFault });
  store.onCommit((alarms) => {
    clock.alarmsWritten(alarms);
    deliver.wake();
  });
  const files = ['attempt-2.log', 'changes.patch'].map((name) => ({ name, path: join(folder, name) }));
  for (const { path } of files) writeFileSync(path, 'x'.repeat(100_000));
  try {
    await clock.start([], () => deliver.wake());
    showRunning(store, places);
    await untilDelivered(store, places, deliver);
    await outgoing.idle();
    discord.requests.length = 0;
    const startedAt = performance.now();
    showEnded(store, places, files);
    await untilDelivered(store, places, deliver);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { floor, needed } = floorOf(discord);
    const ratio = seconds / floor;
    printFigures('Results in Discord', [
      {
        what: `100 results in 10 channels, ${needed} posts, edits and threads, over the floor of ${floor} s`,
        value: `${seconds.toFixed(1)} s, ${ratio.toFixed(2)} ×`,
        goal: '≤ 1.2 ×',
        isMet: ratio <= 1.2,
      },
    ]);
  } finally {
    await outgoing.idle();
    await deliver.stop();
    api.stop();
    await clock.stop();
    await discord.close();
    db.$client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the limits take for what was told: the first of a window's requests can go out at once. Reactions are not counted. */
function floorOf({ requests }: DiscordServer): { floor: number; needed: number } {
  const told = requests.filter(
    ({ name, status = 0 }) => status < 300 && !name.startsWith('GET') && !name.includes('/reactions'),
  );
  const windows = (count: number, { limit, windowMs }: { limit: number; windowMs: number }): number =>
    ((Math.ceil(count / limit) - 1) * windowMs) / 1_000;
  const ofBuckets = Object.values(Object.groupBy(told, ({ name, path }) => `${name} ${path.split('/')[2]}`)).map(
    (all = []) => {
      const [method = '', template = ''] = (all[0]?.name ?? '').split(' ');
      return windows(all.length, strictLimits.route(method, template));
    },
  );
  return { floor: Math.max(windows(told.length, strictLimits.global), ...ofBuckets), needed: told.length };
}
