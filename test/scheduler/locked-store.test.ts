import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { beforeEach, expect, test, vi } from 'vitest';
import { createAlarmWriter } from '../../src/db/alarm-writer.ts';
import { createBusyRetry } from '../../src/scheduler/busy-retry.ts';
import { createAlarmClock } from '../../src/scheduler/create-alarm-clock.ts';
import { createSqliteBackend } from '../../src/scheduler/sqlite-backend.ts';
import { tempDatabases, throwFault } from '../support/temp-database.ts';

const databases = tempDatabases();
const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 25_000, interval: 2 });
const job = { name: 'mail', type: 'normal', priority: 0, nextRunAt: new Date(0), data: {} } as const;

let database: Database;
let other: Database;
let faults: unknown[];
let backend: ReturnType<typeof createSqliteBackend>;
beforeEach(() => {
  database = databases.create();
  database.pragma('busy_timeout = 1');
  other = databases.connect(database);
  faults = [];
  backend = createSqliteBackend({ database, onFault: (error) => faults.push(error) });
});

test('a write waits until another process lets go of the lock', async () => {
  other.exec('BEGIN IMMEDIATE');
  const order: string[] = [];
  const saving = backend.repository.saveJob(job, undefined).then(() => order.push('saved'));
  await nextTurn();
  order.push('freed');
  other.exec('COMMIT');
  await saving;
  expect(order).toEqual(['freed', 'saved']);
});

test('reads, and a scan that finds nothing, do not wait for the lock', async () => {
  const { _id: id, ...planned } = await backend.repository.saveJob(
    { ...job, nextRunAt: new Date(Date.now() + 60_000) },
    undefined,
  );
  other.exec('BEGIN IMMEDIATE');
  expect(await backend.repository.queryJobs()).toMatchObject({ total: 1 });
  const now = new Date();
  expect(await backend.repository.getNextJobToRun('mail', now, new Date(0), now, undefined)).toBeUndefined();
  expect(await backend.repository.getJobById(id!)).toEqual({ ...planned, _id: id });
  expect(other.inTransaction).toBe(true);
});

test('a disconnect ends what waits for the lock, refuses what comes later, and leaves the handle open', async () => {
  other.exec('BEGIN IMMEDIATE');
  const saving = backend.repository.saveJob(job, undefined);
  const refusal = saving.catch((error: unknown) => error);
  await backend.disconnect();
  expect(await refusal).toMatchObject({ message: 'This use of the database has ended.' });
  await expect(backend.repository.queryJobs()).rejects.toThrow('has ended');
  expect(database.open).toBe(true);
  await backend.connect();
  expect(await backend.repository.queryJobs()).toMatchObject({ total: 0 });
});

test('work that stays locked out for too long gets the error of SQLite', async () => {
  other.exec('BEGIN IMMEDIATE');
  const insert = (): unknown => database.exec('DELETE FROM agenda_jobs');
  await expect(createBusyRetry(20).run(insert)).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
});

test('any other error is not tried again', async () => {
  let tries = 0;
  const failing = (): never => {
    tries += 1;
    throw new Error('disk I/O error');
  };
  await expect(createBusyRetry().run(failing)).rejects.toThrow('disk I/O error');
  expect(tries).toBe(1);
});

test('an unlock that fails is a fault and no rejection, since Agenda would not catch it', async () => {
  const saved = await backend.repository.saveJob(job, undefined);
  database.close();
  await backend.repository.unlockJob(saved);
  expect(faults).toEqual([expect.objectContaining({ message: 'The database connection is not open' })]);
});

test('an alarm that falls due while the store is locked rings when it is free', async () => {
  const clock = createAlarmClock({ database, onFault: (error) => faults.push(error), scanMs: 20 });
  let freedMs = Number.POSITIVE_INFINITY;
  const rang = Promise.withResolvers<number>();
  await clock.start([], () => rang.resolve(performance.now()));
  clock.alarmsWritten([createAlarmWriter(database).write(new Date(Date.now() + 30))]);
  other.exec('BEGIN IMMEDIATE');
  setTimeout(() => {
    freedMs = performance.now();
    other.exec('COMMIT');
  }, 200);
  expect(await rang.promise).toBeGreaterThanOrEqual(freedMs);
  await clock.stop();
  expect(faults).toEqual([]);
});

test('a stop does not wait for a locked store, whatever the clock was about to do', async () => {
  for (let turns = 0; turns < 30; turns += 1) {
    const clock = createAlarmClock({ database, onFault: (error) => faults.push(error) });
    const starting = clock.start([new Date(0)], () => {});
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    other.exec('BEGIN IMMEDIATE');
    await clock.stop();
    other.exec('COMMIT');
    await starting;
  }
  expect(faults).toEqual([]);
});

test('nothing is tried after a stop in a locked store', async () => {
  const clock = createAlarmClock({ database, onFault: (error) => faults.push(error), scanMs: 20 });
  await clock.start([], expect.unreachable);
  const dueMs = Date.now() + 30;
  clock.alarmsWritten([createAlarmWriter(database).write(new Date(dueMs))]);
  other.exec('BEGIN IMMEDIATE');
  await until(() => Date.now() > dueMs + 60);
  await clock.stop();
  other.exec('COMMIT');
  const changes = database.prepare('SELECT total_changes()').pluck();
  const before = changes.get();
  // Longer than the pause between two tries after so short a time.
  const freedMs = performance.now();
  await until(() => performance.now() > freedMs + 200);
  expect(changes.get()).toBe(before);
  expect(faults).toEqual([]);
});

test('a clock that starts while the store is locked waits for it; a stop ends the wait', async () => {
  other.exec('BEGIN IMMEDIATE');
  const clock = createAlarmClock({ database, onFault: throwFault });
  const starting = clock.start([], expect.unreachable);
  const refusal = starting.catch((error: unknown) => error);
  await clock.stop();
  expect(await refusal).toMatchObject({ message: 'This use of the database has ended.' });
  other.exec('COMMIT');
  const rang = Promise.withResolvers<void>();
  await clock.start([new Date()], rang.resolve);
  await rang.promise;
  await clock.stop();
});
