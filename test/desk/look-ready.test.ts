import { randomUUID } from 'node:crypto';

import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

import type { Chat } from '../../src/bots/chat.ts';
import { startDesk } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

async function start(isConnected?: () => boolean) {
  const chat: Chat = {
    platform: 'slack',
    start: async () => {},
    stop: async () => {},
    post: async () => '1',
    edit: async () => {},
    ...(isConnected === undefined ? {} : { isConnected }),
  };
  const desk = await startDesk({ runner: createFakeRunner(), chats: [chat], ringWithinMs: 50 });
  onTestFinished(() => desk.stop());
  /** Looks while the bell rings, unless it is stopped. */
  const look = async ({ isRinging = true } = {}) => {
    const looking = desk.desk.lookReady();
    if (isRinging) desk.clock.advance(1);
    return looking;
  };
  return { ...desk, look };
}

test('all parts are named, and work', async () => {
  const { look } = await start();
  expect(await look()).toEqual({
    store: { isOk: true },
    clock: { isOk: true },
    disk: { isOk: true },
    web: { isOk: true },
    slack: { isOk: true },
  });
});

test('a store that takes no writes fails, and the clock with it', async () => {
  const { look, db } = await start();
  const other = new Database(db.$client.name);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  const parts = await look({ isRinging: false });
  expect(parts['store']).toEqual({ isOk: false, why: 'database is locked' });
  expect(parts['clock']?.isOk).toBe(false);
  expect(parts['disk']).toEqual({ isOk: true });
});

test('a store that is full fails', async () => {
  const { look, db } = await start();
  // As small as it can be: SQLite takes the number of pages that there are.
  db.$client.pragma('max_page_count = 1');
  // Rows as an alarm's: where one more of them has room, so has the alarm.
  const fill = db.$client.prepare(
    "INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES (?, 'alarm', 'normal', 0, ?)",
  );
  const fillUp = (): void => {
    for (let i = 0; ; i += 1) fill.run(randomUUID(), i);
  };
  for (let failed = 0; failed < 200; failed += 1) expect(fillUp).toThrow('full');
  expect((await look({ isRinging: false }))['store']).toEqual({ isOk: false, why: 'database or disk is full' });
});

test('a clock that does not ring fails alone', async () => {
  const { look } = await start();
  expect(await look({ isRinging: false })).toMatchObject({
    store: { isOk: true },
    clock: { isOk: false, why: 'an alarm has not rung for 0.05 s' },
    disk: { isOk: true },
  });
});

test('a disk without room fails', async () => {
  const { look, host } = await start();
  host.freeBytes = 100 * 1024 * 1024;
  const parts = await look();
  expect(parts['disk']).toEqual({ isOk: false, why: '100 MB are free, 1.0 GB are needed' });
  expect(parts['store']).toEqual({ isOk: true });
});

test('a platform that is not connected fails', async () => {
  const { look } = await start(() => false);
  expect(await look()).toMatchObject({ web: { isOk: true }, slack: { isOk: false, why: 'not connected' } });
});

test('those who ask at once share one look', async () => {
  const { desk, clock, db } = await start();
  const count = db.$client.prepare<[], number>('SELECT count(*) FROM agenda_jobs').pluck();
  // It sets the bell for its next round.
  await desk.pruned();
  const before = count.get() ?? 0;
  const all = Promise.all([desk.lookReady(), desk.lookReady(), desk.lookReady()]);
  clock.advance(1);
  const [one, ...others] = await all;
  for (const other of others) expect(other).toBe(one);
  expect(count.get()).toBe(before + 1);
});
