import { drizzle } from 'drizzle-orm/better-sqlite3';
import { expect, test, vi } from 'vitest';

import type { NewJob } from '../../src/db/jobs.ts';
import * as schema from '../../src/db/schema.ts';
import { createStore } from '../../src/db/store.ts';
import type { Schedule } from '../../src/model/schedule/schedule.ts';
import { nodeProcesses } from '../support/node-process.ts';
import { tempDatabases } from '../support/temp-database.ts';
import { usualPolicies } from '../support/usual-policies.ts';

const databases = tempDatabases();
const startNode = nodeProcesses();
const jobCount = 120;

const aJob = (name: string, schedule: Schedule): NewJob => ({
  name,
  goal: 'look around',
  project: 'api',
  checks: [],
  schedule,
  settings: { timeoutMs: 60_000, retries: 0, notify: 'never', ...usualPolicies },
  channel: 'web:general',
  owner: 'web:ada',
  createdAt: new Date(),
});

test(
  'three schedulers on one store, one of them killed, settle each occurrence once',
  { timeout: 120_000 },
  async () => {
    const database = databases.create();
    database.pragma('busy_timeout = 5000');
    const store = createStore(drizzle(database, { schema }));
    const rooms = Array.from({ length: 3 }, () => startNode('scheduler/settle-due.ts', database.name));
    for (const room of rooms) expect(await room.line()).toBe('ready');
    const beginMs = Date.now() + 300;
    const dueMs = (index: number): number => beginMs + (index % 12) * 100;
    store.change((change) => {
      for (let index = 0; index < jobCount; index += 1) {
        const jobId = change.jobs.insert(aJob(`job-${index}`, { kind: 'once', atMs: dueMs(index), zone: 'UTC' }));
        change.occurrences.plan({ jobId, dueAt: new Date(dueMs(index)) });
        change.alarm(new Date(dueMs(index)));
      }
    });
    const count = (sql: string): unknown => database.prepare(sql).pluck().get();
    const ran = (): number => Number(count(`SELECT count(*) FROM occurrences WHERE state = 'ran'`));
    await vi.waitUntil(() => ran() >= jobCount / 4, { timeout: 60_000, interval: 5 });
    rooms[0]?.child.kill('SIGKILL');
    await vi.waitUntil(() => count(`SELECT count(*) FROM occurrences WHERE state = 'planned'`) === 0, {
      timeout: 90_000,
    });

    expect(database.prepare('SELECT state, count(*) FROM occurrences GROUP BY state').raw().all()).toEqual([
      ['ran', jobCount],
    ]);
    expect(count('SELECT count(*) FROM runs')).toBe(jobCount);
    expect(
      count(
        'SELECT count(DISTINCT run_id) FROM occurrences JOIN runs ON runs.id = run_id AND runs.due_at = occurrences.due_at',
      ),
    ).toBe(jobCount);
    for (const room of rooms.slice(1)) room.child.stdin.end();
    expect(await Promise.all(rooms.slice(1).map(({ end }) => end))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
  },
);

test('ten days of minutes that were missed are settled by rings that ring for each other', async () => {
  const database = databases.create();
  database.pragma('busy_timeout = 5000');
  const store = createStore(drizzle(database, { schema }));
  const room = startNode('scheduler/settle-due.ts', database.name);
  expect(await room.line()).toBe('ready');
  const first = new Date(Math.floor(Date.now() / 60_000 - 10 * 24 * 60) * 60_000);
  store.change((change) => {
    const schedule = { kind: 'cron', expression: '* * * * *', zone: 'UTC' } as const;
    const jobId = change.jobs.insert(aJob('minutely', schedule));
    change.occurrences.plan({ jobId, dueAt: first });
    change.alarm(first);
  });
  const next = (): Date | undefined => store.occurrences.planned(1);
  await vi.waitUntil(() => (next()?.getTime() ?? 0) > Date.now(), { timeout: 60_000 });
  const count = (state: string): unknown =>
    database.prepare('SELECT count(*) FROM occurrences WHERE state = ?').pluck().get(state);
  // One instant of the store: the room goes on, and a minute may end in between.
  const [end, missed, ran, skipped] = database.transaction(() => [
    next()?.getTime(),
    ...['missed', 'ran', 'skipped'].map((state) => Number(count(state))),
  ])();
  const minutes = ((end ?? 0) - first.getTime()) / 60_000;
  expect(minutes).toBeGreaterThanOrEqual(10 * 24 * 60);
  // The last one ran; should a minute end meanwhile, the next is skipped for it.
  expect([missed, ran]).toEqual([minutes - 1 - (skipped ?? 0), 1]);
});
