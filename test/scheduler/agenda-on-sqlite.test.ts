import { once } from 'node:events';
import { Agenda, type AgendaOptions, type Job } from 'agenda';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSqliteBackend } from '../../src/scheduler/sqlite-backend.ts';
import { tempDatabases, throwFault } from '../support/temp-database.ts';

const databases = tempDatabases();
const hourMs = 3_600_000;

let database: Database;
let agendas: Agenda[];
beforeEach(() => {
  database = databases.create();
  agendas = [];
});
afterEach(async () => {
  for (const agenda of agendas) await agenda.stop();
});

/** An Agenda of a test, as a process of its own would have it. A long scan shows that something else brought a job up. */
function createAgenda(options: Partial<AgendaOptions> = {}): Agenda {
  const backend = createSqliteBackend({ database, onFault: throwFault });
  const agenda = new Agenda({ backend, processEvery: 20, ...options });
  agenda.on('error', throwFault);
  agendas.push(agenda);
  return agenda;
}

/** A definition whose handler may be asynchronous or not. */
function define<Data>(
  agenda: Agenda,
  name: string,
  handle: (job: Job<Data>) => unknown,
  options: Parameters<Agenda['define']>[2] = {},
): void {
  // Of the two forms that `define` takes, the linter sees only the one with a callback, which returns nothing.
  const handler = async (job: Job<Data>): Promise<void> => void (await handle(job));
  agenda.define<Data>(name, handler as (job: Job<Data>) => never, options);
}

const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 20_000, interval: 5 });

test('now() runs at once, told by the channel and not by a scan', async () => {
  const agenda = createAgenda({ processEvery: hourMs });
  const handled = Promise.withResolvers<unknown>();
  define<{ to: string }>(agenda, 'mail', (job) => handled.resolve(job.attrs.data));
  await agenda.start();
  await agenda.now('mail', { to: 'ada' });
  expect(await handled.promise).toEqual({ to: 'ada' });
});

test('schedule() runs each job once, in order, and not before its time', async () => {
  const agenda = createAgenda();
  const runs: { dueMs: number; ranMs: number }[] = [];
  define<number>(agenda, 'mail', (job) => runs.push({ dueMs: job.attrs.data, ranMs: Date.now() }));
  const dueMs = [300, 100, 200].map((ms) => Date.now() + ms);
  // All before the first can run: where the disk is slow they may have fallen due by then.
  for (const at of dueMs) await agenda.schedule(new Date(at), 'mail', at);
  await agenda.start();
  await until(() => runs.length === 3);
  expect(runs.map((run) => run.dueMs)).toEqual(dueMs.sort((a, b) => a - b));
  for (const run of runs) expect(run.ranMs).toBeGreaterThanOrEqual(run.dueMs);
});

test('every() runs again and again on one row, and a second process leaves its due time alone', async () => {
  const agenda = createAgenda();
  let runs = 0;
  define(agenda, 'tick', () => (runs += 1));
  await agenda.start();
  await agenda.every(30, 'tick');
  await until(() => runs >= 3);
  await agenda.stop();
  await agenda.every(hourMs, 'tick');
  const { jobs, total } = await agenda.queryJobs({ name: 'tick' });
  expect(total).toBe(1);
  expect(jobs[0]).toMatchObject({ type: 'single', repeatInterval: hourMs });
  const { nextRunAt } = jobs[0]!;
  const second = await createAgenda().every(hourMs, 'tick');
  expect(second.attrs.nextRunAt).toEqual(nextRunAt);
});

test('a one-shot ends as completed, and is gone when it is removed on completion', async () => {
  const agenda = createAgenda();
  define(agenda, 'kept', () => {});
  define(agenda, 'removed', () => {}, { removeOnComplete: true });
  await agenda.start();
  await agenda.now('kept');
  await agenda.now('removed');
  const count = database.prepare('SELECT count(*) FROM agenda_jobs WHERE name = ?').pluck();
  await until(() => count.get('removed') === 0);
  await vi.waitFor(async () => {
    expect((await agenda.queryJobs({})).jobs).toMatchObject([{ name: 'kept', state: 'completed', nextRunAt: null }]);
  }, 20_000);
});

test('a failure is kept with its reason, and a job with a back-off is tried again until it succeeds', async () => {
  const agenda = createAgenda();
  define(agenda, 'broken', () => {
    throw new Error('no route to host');
  });
  let tries = 0;
  const flaky = (): void => {
    tries += 1;
    if (tries < 3) throw new Error('not yet');
  };
  define(agenda, 'flaky', flaky, { backoff: () => 10 });
  await agenda.start();
  const failed = once(agenda, 'complete:broken');
  await agenda.now('broken');
  await failed;
  const succeeded = once(agenda, 'success:flaky');
  await agenda.now('flaky');
  await succeeded;
  expect(tries).toBe(3);
  const { jobs } = await agenda.queryJobs({ state: 'failed' });
  expect(jobs).toMatchObject([{ name: 'broken', failReason: 'no route to host', failCount: 1 }]);
  expect(jobs[0]).not.toHaveProperty('lockedAt');
});

test('of jobs that are due together the one of the highest priority runs first', async () => {
  const agenda = createAgenda();
  const order: string[] = [];
  const due = new Date();
  define<string>(agenda, 'mail', (job) => order.push(job.attrs.data), { concurrency: 1 });
  for (const priority of ['low', 'highest', 'normal'] as const) {
    await agenda.create('mail', priority).priority(priority).schedule(due).save();
  }
  await agenda.start();
  await until(() => order.length === 3);
  expect(order).toEqual(['highest', 'normal', 'low']);
});

test('cancel() removes what it names, purge() what nobody defines, and neither anything else', async () => {
  const agenda = createAgenda();
  define(agenda, 'mail', () => {});
  const later = new Date(Date.now() + hourMs);
  await agenda.schedule(later, ['mail', 'report', 'old'], { to: 'ada' });
  expect(await agenda.cancel({})).toBe(0);
  expect(await agenda.cancel({ name: 'report' })).toBe(1);
  expect(await agenda.purge()).toBe(1);
  expect((await agenda.queryJobs({})).jobs.map((job) => job.name)).toEqual(['mail']);
  expect(await agenda.cancelAll()).toBe(1);
});

test('a disabled job does not run until it is enabled', async () => {
  const agenda = createAgenda();
  const ran: string[] = [];
  define<string>(agenda, 'mail', (job) => ran.push(job.attrs.data));
  await agenda.create('mail', 'first').disable().schedule(new Date(0)).save();
  await agenda.schedule(new Date(1), 'mail', 'second');
  await agenda.start();
  await until(() => ran.length === 1);
  expect(await agenda.enable({ name: 'mail' })).toBe(1);
  await until(() => ran.length === 2);
  expect(ran).toEqual(['second', 'first']);
});

test('what ran when its process died runs again once its lock has expired', async () => {
  const dead = createAgenda();
  await dead.now('mail');
  database.prepare('UPDATE agenda_jobs SET next_run_at = NULL, locked_at = ?').run(Date.now());
  const agenda = createAgenda();
  const handled = Promise.withResolvers<number>();
  define(agenda, 'mail', () => handled.resolve(Date.now()), { lockLifetime: 300 });
  const lockedMs = database.prepare('SELECT locked_at FROM agenda_jobs').pluck().get() as number;
  await agenda.start();
  expect((await handled.promise) - lockedMs).toBeGreaterThanOrEqual(300);
});

test('a long job keeps its lock and its progress by touch()', async () => {
  const agenda = createAgenda();
  const touched = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  define(agenda, 'long', async (job) => {
    await job.touch(40);
    touched.resolve();
    await finish.promise;
  });
  await agenda.start();
  await agenda.now('long');
  await touched.promise;
  expect((await agenda.queryJobs({ state: 'running' })).jobs).toMatchObject([{ name: 'long', progress: 40 }]);
  const completed = once(agenda, 'complete:long');
  finish.resolve();
  await completed;
  expect((await agenda.queryJobs({ state: 'running' })).total).toBe(0);
});

test('a stop frees what waits for its time, so that another process can take it', async () => {
  const agenda = createAgenda({ processEvery: 10_000 });
  define(agenda, 'mail', () => {});
  await agenda.schedule(new Date(Date.now() + 5000), 'mail', {});
  await agenda.start();
  const locked = database.prepare('SELECT count(*) FROM agenda_jobs WHERE locked_at IS NOT NULL').pluck();
  await until(() => locked.get() === 1);
  await agenda.stop();
  expect(locked.get()).toBe(0);
});

test('a job saved with a unique constraint is refused', async () => {
  const agenda = createAgenda();
  await expect(agenda.create('mail').unique({ name: 'mail' }).save()).rejects.toThrow('no unique()');
});
