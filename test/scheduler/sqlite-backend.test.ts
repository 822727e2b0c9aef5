import { type JobId, type JobParameters, type RemoveJobsOptions, toJobId } from 'agenda';
import type { Database } from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSqliteBackend } from '../../src/scheduler/sqlite-backend.ts';
import { tempDatabases, throwFault } from '../support/temp-database.ts';

const databases = tempDatabases();
const minuteMs = 60_000;

let database: Database;
let repository: ReturnType<typeof createSqliteBackend>['repository'];
beforeEach(() => {
  database = databases.create();
  ({ repository } = createSqliteBackend({ database, onFault: throwFault }));
});

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * minuteMs);

async function save(
  job: Partial<JobParameters> = {},
): Promise<JobParameters & { _id: NonNullable<JobParameters['_id']> }> {
  const defaults = { name: 'mail', type: 'normal', priority: 0, nextRunAt: inMinutes(-1), data: {} } as const;
  const { _id, ...saved } = await repository.saveJob({ ...defaults, ...job }, undefined);
  return { ...saved, _id: _id! };
}

const idOf = ({ _id: id }: JobParameters): JobId => id!;
const stored = (job: JobParameters): Promise<JobParameters | null> => repository.getJobById(idOf(job));

/** Saves how a job stands, such as a lock or a failure, which `saveJob` leaves alone. */
async function mark(job: JobParameters, state: Partial<JobParameters>): Promise<void> {
  await repository.saveJobState({ ...job, ...state }, undefined);
}

describe('the next job to run', () => {
  const claim = (name = 'mail', scanAt = inMinutes(0), deadline = inMinutes(-10), now = new Date()) =>
    repository.getNextJobToRun(name, scanAt, deadline, now, { lastModifiedBy: 'desk' });

  test('is one that is due by the next scan, and is locked at the given instant', async () => {
    const job = await save({ nextRunAt: inMinutes(5) });
    expect(await claim('mail', inMinutes(4))).toBeUndefined();
    const now = inMinutes(0);
    const claimed = await claim('mail', inMinutes(6), inMinutes(-10), now);
    expect(claimed).toEqual({ ...job, lockedAt: now, lastModifiedBy: 'desk' });
    expect(await stored(job)).toEqual(claimed);
  });

  test('is due at the very instant of the scan', async () => {
    const nextRunAt = inMinutes(5);
    await save({ nextRunAt });
    expect(await claim('mail', new Date(nextRunAt.getTime() - 1))).toBeUndefined();
    expect(await claim('mail', nextRunAt)).toBeDefined();
  });

  test('is none that another one holds, that is disabled, or that has another name', async () => {
    await save({ name: 'other' });
    await save({ disabled: true });
    await save();
    expect(await claim()).toBeDefined();
    expect(await claim()).toBeUndefined();
  });

  test('is one whose lock has expired, even when it has no due time: it was running when its process died', async () => {
    const running = await save({ nextRunAt: null });
    await mark(running, { lockedAt: inMinutes(-10) });
    expect(await claim('mail', inMinutes(0), inMinutes(-11))).toBeUndefined();
    expect(await claim('mail', inMinutes(0), inMinutes(-9))).toHaveProperty('_id', idOf(running));
  });

  test('is one whose lock expires at the very deadline', async () => {
    const lockedAt = inMinutes(-10);
    await mark(await save(), { lockedAt });
    expect(await claim('mail', inMinutes(0), new Date(lockedAt.getTime() - 1))).toBeUndefined();
    expect(await claim('mail', inMinutes(0), lockedAt)).toBeDefined();
  });

  test('is none that has no due time and no lock', async () => {
    await save({ nextRunAt: null });
    expect(await claim('mail', inMinutes(1), inMinutes(1))).toBeUndefined();
  });

  test('is none that is disabled, although its lock has expired', async () => {
    await mark(await save({ disabled: true }), { lockedAt: inMinutes(-20) });
    expect(await claim()).toBeUndefined();
  });

  test('comes by due time, those without one last, then by priority, highest first', async () => {
    const orphan = await save({ nextRunAt: null, priority: 20 });
    await mark(orphan, { lockedAt: inMinutes(-20) });
    const due = inMinutes(-2);
    const late = await save({ nextRunAt: inMinutes(-1), priority: 20 });
    const low = await save({ nextRunAt: due, priority: -10 });
    const high = await save({ nextRunAt: due, priority: 10 });
    const expired = await save({ nextRunAt: inMinutes(-3), priority: -20 });
    await mark(expired, { lockedAt: inMinutes(-20) });
    const order = [];
    for (let job = await claim(); job; job = await claim()) order.push(idOf(job));
    expect(order).toEqual([expired, high, low, late, orphan].map(idOf));
  });

  test('is found by the indexes, without a walk through what is planned', () => {
    const sources: string[] = [];
    const explaining = new Proxy(database, {
      get(target, key) {
        if (key !== 'prepare') return Reflect.get(target, key);
        return (source: string) => {
          sources.push(source);
          return target.prepare(source);
        };
      },
    });
    createSqliteBackend({ database: explaining, onFault: throwFault });
    const claimSource = sources.find((source) => source.includes('@lockDeadline') && source.includes('UPDATE'));
    const values = { jobName: 'mail', nextScanAt: 0, lockDeadline: 0, now: 0, lastModifiedBy: null };
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${claimSource}`).all(values) as { detail: string }[];
    const details = plan.map(({ detail }) => detail);
    expect(details).toContainEqual(expect.stringContaining('agenda_jobs_due (name=? AND next_run_at<?)'));
    expect(details).toContainEqual(expect.stringContaining('agenda_jobs_locked (name=? AND locked_at<?)'));
    expect(details.filter((detail) => detail.startsWith('SCAN agenda_jobs'))).toEqual([]);
  });
});

describe('a lock', () => {
  test('is given on a job that is free and unchanged', async () => {
    const job = await save();
    const locked = await repository.lockJob(job, { lastModifiedBy: 'desk' });
    expect(locked).toEqual({ ...job, lockedAt: expect.any(Date), lastModifiedBy: 'desk' });
    expect(await repository.lockJob(job, undefined)).toBeUndefined();
  });

  test('is not given when the due time has changed, the job is disabled, gone or nameless', async () => {
    const job = await save();
    const disabled = await save({ disabled: true });
    const { _id: _, ...unsaved } = job;
    expect(await repository.lockJob({ ...job, nextRunAt: inMinutes(3) }, undefined)).toBeUndefined();
    expect(await repository.lockJob(disabled, undefined)).toBeUndefined();
    expect(await repository.lockJob({ ...job, _id: toJobId('gone') }, undefined)).toBeUndefined();
    expect(await repository.lockJob(unsaved, undefined)).toBeUndefined();
    expect(await repository.getJobById(idOf(job))).not.toHaveProperty('lockedAt');
  });

  test('of a single job is lifted only while the job has a due time, of many always', async () => {
    const waiting = await save();
    const running = await save({ nextRunAt: null });
    for (const job of [waiting, running]) await mark(job, { lockedAt: new Date() });
    await repository.unlockJob(waiting);
    await repository.unlockJob(running);
    expect(await stored(waiting)).not.toHaveProperty('lockedAt');
    expect(await stored(running)).toHaveProperty('lockedAt');
    await mark(waiting, { lockedAt: new Date() });
    await repository.unlockJobs([idOf(waiting), idOf(running)]);
    expect(await stored(waiting)).not.toHaveProperty('lockedAt');
    expect(await stored(running)).not.toHaveProperty('lockedAt');
  });
});

describe('the state of a job', () => {
  const state = {
    lockedAt: inMinutes(-1),
    nextRunAt: null,
    lastRunAt: inMinutes(-2),
    lastFinishedAt: inMinutes(-3),
    failedAt: inMinutes(-4),
    failCount: 2,
    failReason: 'no route to host',
    progress: 12.5,
  };

  test('is saved by id and name, and what defines the job is left alone', async () => {
    const job = await save({ data: { to: 'ada' } });
    await repository.saveJobState({ ...job, ...state, data: { to: 'bob' }, priority: 5 }, { lastModifiedBy: 'desk' });
    expect(await stored(job)).toEqual({ ...job, ...state, lastModifiedBy: 'desk' });
  });

  test('is emptied where the job has no value', async () => {
    const job = await save();
    await mark(job, state);
    await repository.saveJobState(job, undefined);
    expect(await stored(job)).toEqual(job);
  });

  test.each([
    ['another name', { name: 'other' }],
    ['an unknown id', { _id: toJobId('gone') }],
  ])('is an error with %s', async (_case, changed) => {
    const job = await save();
    await expect(repository.saveJobState({ ...job, ...changed }, undefined)).rejects.toThrow('not in the database');
  });

  test('is an error without an id', async () => {
    const { _id: _, ...unsaved } = await save();
    await expect(repository.saveJobState(unsaved, undefined)).rejects.toThrow('without an id');
  });
});

describe('saving a job', () => {
  const definition = {
    name: 'report',
    type: 'normal',
    priority: -10,
    nextRunAt: inMinutes(7),
    data: { to: ['ada'], at: 'noon', nested: { count: 0, nothing: null } },
    repeatInterval: '30 7 * * 1-5',
    repeatTimezone: 'Europe/Berlin',
    repeatAt: '3:30pm',
    startDate: inMinutes(-100),
    endDate: inMinutes(100),
    skipDays: [0, 6],
    disabled: true,
    fork: true,
    lastModifiedBy: 'desk',
  } as const satisfies Partial<JobParameters>;

  test('keeps every field through a write and a read', async () => {
    const saved = await repository.saveJob({ ...definition, skipDays: [...definition.skipDays] }, undefined);
    expect(saved).toEqual({ ...definition, _id: expect.any(String) });
    expect(await stored(saved)).toEqual(saved);
    expect((await repository.queryJobs()).jobs).toEqual([{ ...saved, state: 'repeating' }]);
  });

  test.each([
    ['a number', 5000],
    ['a number in a string', '5000'],
    ['words', '5 minutes'],
  ])('keeps an interval given as %s', async (_case, repeatInterval) => {
    expect(await stored(await save({ repeatInterval }))).toHaveProperty('repeatInterval', repeatInterval);
  });

  test.each([[{ a: [1] }], [[1, 'b']], ['text'], [0], [false], [null], [undefined]])('keeps data %j', async (data) => {
    expect((await stored(await save({ data })))?.data).toEqual(data);
  });

  test('with an id saves what defines it, and leaves its state alone', async () => {
    const job = await save({ name: 'report' });
    await mark(job, { lockedAt: inMinutes(-1), failCount: 3, progress: 50 });
    const saved = await repository.saveJob({ ...definition, skipDays: [1], _id: idOf(job) }, { lastModifiedBy: 'cli' });
    expect(saved).toMatchObject({ ...definition, skipDays: [1], lastModifiedBy: 'cli', failCount: 3, progress: 50 });
    expect(saved).toHaveProperty('lockedAt');
    expect((await repository.queryJobs()).total).toBe(1);
  });

  test('whose row is gone gives it back as it came and writes nothing', async () => {
    const job = { ...(await save()), _id: toJobId('gone') };
    expect(await repository.saveJob(job, undefined)).toBe(job);
    expect((await repository.queryJobs()).total).toBe(1);
  });

  test('of the same name twice gives two jobs, of type "single" one', async () => {
    await save();
    await save();
    const first = await save({ name: 'tick', type: 'single', data: { version: 1 } });
    const second = await save({ name: 'tick', type: 'single', data: { version: 2 } });
    expect(second).toMatchObject({ _id: idOf(first), data: { version: 2 } });
    expect((await repository.queryJobs()).total).toBe(3);
  });

  test.each([
    ['is kept when the new one is not later than now', 3, 0, 3],
    ['is kept when both have come', -3, -1, -3],
    ['is replaced by one to come', 3, 5, 5],
    ['is replaced by an earlier one to come', 5, 3, 3],
    ['is taken when there is none', null, -1, -1],
  ])('of type "single" again: the stored due time %s', async (_case, old, next, expected) => {
    const base = Date.now();
    const at = (minutes: number): Date => new Date(base + minutes * minuteMs);
    await save({ type: 'single', nextRunAt: old === null ? null : at(old) });
    const { nextRunAt } = await save({ type: 'single', nextRunAt: at(next) });
    expect(nextRunAt).toEqual(at(expected));
  });

  test('of type "single" again leaves a lock and a failure as they are', async () => {
    const job = await save({ type: 'single' });
    await mark(job, { lockedAt: inMinutes(-1), failReason: 'no' });
    const again = await save({ type: 'single' });
    expect(again).toMatchObject({ lockedAt: expect.any(Date), failReason: 'no' });
  });

  test.each([
    ['unique', { unique: { 'data.to': 'ada' } }],
    ['debounce', { uniqueOpts: { debounce: { delay: 1 } } }],
  ])('with %s is refused', async (_case, options) => {
    await expect(save(options)).rejects.toThrow('no unique() and no debounce()');
    expect((await repository.queryJobs()).total).toBe(0);
  });
});

describe('many jobs', () => {
  const criteria: [string, RemoveJobsOptions, string[]][] = [
    ['an id', { id: 'a' }, ['a']],
    ['ids', { ids: ['a', 'c', 'gone'] }, ['a', 'c']],
    ['a name', { name: 'mail' }, ['a', 'b']],
    ['names', { names: ['mail', 'report'] }, ['a', 'b', 'c']],
    ['other names', { notNames: ['mail'] }, ['c', 'd']],
    ['a part of their data', { data: { to: { name: 'ada' } } }, ['a', 'c']],
    ['a name and a part of their data', { name: 'mail', data: { urgent: true } }, ['b']],
    ['an id and a name that do not meet', { id: 'a', name: 'report' }, []],
    ['no criterion', {}, []],
    ['empty lists', { ids: [], names: [], notNames: [] }, []],
  ];

  beforeEach(() => {
    const insert = database.prepare(
      `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at, data) VALUES (?, ?, 'normal', 0, 1, ?)`,
    );
    insert.run('a', 'mail', '{"to":{"name":"ada","id":1},"urgent":false}');
    insert.run('b', 'mail', '{"to":{"name":"bob"},"urgent":true}');
    insert.run('c', 'report', '{"to":{"name":"ada"}}');
    insert.run('d', 'tick', null);
  });
  const ids = (where: string): unknown[] =>
    database.prepare(`SELECT id FROM agenda_jobs WHERE ${where} ORDER BY id`).pluck().all();

  test.each(criteria)('are removed by %s', async (_case, options, expected) => {
    expect(await repository.removeJobs(options)).toBe(expected.length);
    expect(ids('TRUE')).toEqual(['a', 'b', 'c', 'd'].filter((id) => !expected.includes(id)));
  });

  test.each(criteria)('are disabled and enabled by %s', async (_case, options, expected) => {
    expect(await repository.disableJobs(options)).toBe(expected.length);
    expect(ids('disabled = 1')).toEqual(expected);
    expect(await repository.enableJobs(options)).toBe(expected.length);
    expect(ids('disabled = 1')).toEqual([]);
  });

  test('that are disabled already are not counted again', async () => {
    await repository.disableJobs({ id: 'a' });
    expect(await repository.disableJobs({ name: 'mail' })).toBe(1);
  });

  test('are all gone after a purge', async () => {
    expect(await repository.purgeAllJobs()).toBe(4);
    expect(ids('TRUE')).toEqual([]);
  });

  test('are queried by the same criteria; without one all are meant', async () => {
    for (const [, options, expected] of criteria.slice(0, 4)) {
      const { jobs } = await repository.queryJobs(options);
      expect(jobs.map(idOf).sort()).toEqual(expected);
    }
    expect((await repository.queryJobs({})).total).toBe(4);
    expect((await repository.queryJobs({ data: { to: { name: 'ada' } } })).total).toBe(2);
  });
});

describe('a query', () => {
  beforeEach(async () => {
    const failed = await save({ name: 'f', nextRunAt: null });
    // One instant: a job has failed where it failed no earlier than it finished.
    const failedAt = inMinutes(-1);
    await mark(failed, { failedAt, lastFinishedAt: failedAt, lastRunAt: inMinutes(-2) });
    const completed = await save({ name: 'c', nextRunAt: null });
    await mark(completed, { lastFinishedAt: inMinutes(-1), lastRunAt: inMinutes(-3) });
    await mark(await save({ name: 'r', nextRunAt: null }), { lockedAt: new Date() });
    await save({ name: 's', nextRunAt: inMinutes(2), priority: 3 });
    await save({ name: 'q', nextRunAt: inMinutes(-2), priority: 2 });
    await save({ name: 'e', nextRunAt: inMinutes(3), repeatInterval: '5 minutes' });
    await save({ name: '50%_off', nextRunAt: inMinutes(4), disabled: true });
  });
  const names = async (options: Parameters<typeof repository.queryJobs>[0]): Promise<string[]> =>
    (await repository.queryJobs(options)).jobs.map((job) => job.name);

  test.each([
    ['failed', ['f']],
    ['completed', ['c']],
    ['running', ['r']],
    ['scheduled', ['50%_off', 's']],
    ['queued', ['q']],
    ['repeating', ['e']],
    ['paused', ['50%_off']],
  ] as const)('for the state %s', async (state, expected) => {
    expect(await names({ state })).toEqual(expected);
  });

  test('comes latest first, and in the order asked for', async () => {
    expect(await names({})).toEqual(['50%_off', 'e', 's', 'q', 'f', 'c', 'r']);
    expect(await names({ sort: { nextRunAt: 'asc' }, limit: 3 })).toEqual(['q', 's', 'e']);
    expect(await names({ sort: { priority: 'desc', name: 'asc' }, limit: 3 })).toEqual(['s', 'q', '50%_off']);
  });

  test('comes in pages, with the number of all', async () => {
    const { jobs, total } = await repository.queryJobs({ sort: { name: 'asc' }, skip: 1, limit: 2 });
    expect([jobs.map((job) => job.name), total]).toEqual([['c', 'e'], 7]);
    expect(await names({ sort: { name: 'asc' }, skip: 5 })).toEqual(['r', 's']);
  });

  test('searches names for a text, whatever its case, in which nothing is a wildcard', async () => {
    expect(await names({ search: '%_OFF' })).toEqual(['50%_off']);
    expect(await names({ search: '%q%' })).toEqual([]);
  });

  test('leaves out what is disabled when asked to', async () => {
    expect(await names({ includeDisabled: false })).not.toContain('50%_off');
  });

  test('for the overview counts each state by name, and what is disabled once more as paused', async () => {
    await save({ name: 'q', nextRunAt: inMinutes(9), disabled: true });
    const overview = await repository.getJobsOverview();
    expect(overview.map(({ name }) => name)).toEqual(['50%_off', 'c', 'e', 'f', 'q', 'r', 's']);
    const none = { running: 0, scheduled: 0, queued: 0, completed: 0, failed: 0, repeating: 0, paused: 0 };
    expect(overview[4]).toEqual({ ...none, name: 'q', total: 2, queued: 1, scheduled: 1, paused: 1 });
  });

  test('for names and for the size of the queue', async () => {
    expect(await repository.getDistinctJobNames()).toEqual(['50%_off', 'c', 'e', 'f', 'q', 'r', 's']);
    expect(await repository.getQueueSize()).toBe(1);
  });

  test('for an unknown id finds nothing', async () => {
    expect(await repository.getJobById('gone')).toBeNull();
  });
});
