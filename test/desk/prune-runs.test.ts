import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { NewRun, Run, RunPatch } from '../../src/db/runs.ts';
import type { Change } from '../../src/db/store.ts';
import { createReadDesk } from '../../src/desk/read-desk.ts';
import { mostRunsOfJob } from '../../src/model/retention.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';
import { keepAll } from '../support/keep-all.ts';

const dayMs = 24 * 60 * 60_000;
const newestKept = 20;

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  const settings = { retention: { ...keepAll, runsMs: 365 * dayMs } };
  fixture = await startDesk({ runner, projects: [testProject()], settings });
  await fixture.desk.pruned();
  await fixture.say('schedule mend it --name mend --accept "$ npm test"');
  await fixture.settle();
});
afterEach(() => fixture.stop());

/** Moves time on at once and lets what is due be deleted. */
async function days(count: number): Promise<void> {
  fixture.clock.advance(count * dayMs);
  await fixture.settle();
  await fixture.desk.pruned();
}

const numbers = (): number[] => fixture.store.runs.list({ limit: 100_000 }).map(({ id }) => id);

function specOf(jobId: number): NewRun['spec'] {
  const job = fixture.store.jobs.get(jobId);
  if (job === undefined) throw new Error(`no job ${jobId}`);
  const { name, goal, project, checks, settings, channel, owner } = job;
  return { jobName: name, goal, project, checks, settings, channel, owner };
}

/** Runs of a job that have ended, as rows: with an attempt, and with a thread that is told. */
function write(change: Change, jobId: number, given: RunPatch & Partial<NewRun> = {}): number {
  const at = fixture.clock.now();
  const { retryOf, ...patch } = given;
  const spec = specOf(jobId);
  const { id } = change.runs.insert({
    jobId,
    spec,
    trigger: 'hand',
    queuedAt: at,
    ...(retryOf === undefined ? {} : { retryOf }),
  });
  change.runs.update(id, { status: 'succeeded', endedAt: at, ...patch });
  const view = `run:${id}`;
  change.outbox.show({ key: view, channel: spec.channel, body: [] }, at);
  // Any message that is there will do: an edit finds it.
  change.outbox.viewDelivered(view, 1, change.outbox.view(`job:${jobId}`)?.messageRef ?? '', at, at);
  change.outbox.post({ key: `${view}:result`, channel: spec.channel, threadOf: view, body: [] }, at);
  change.outbox.messageDelivered(`${view}:result`, `m${id}-1`, at);
  return id;
}

const write1 = (given?: RunPatch & Partial<NewRun>): number =>
  fixture.store.change((change) => write(change, 1, given));

/** As many again as `write` makes one: a statement at a time, thousands take a minute. */
function writeMany(count: number, jobId = 1): void {
  fixture.store.change((change) => {
    const first = write(change, jobId);
    const { $client: client } = fixture.db;
    const ids = JSON.stringify(Array.from({ length: count - 1 }, (_, index) => first + 1 + index));
    const copy = (table: string, columns: string, values: string, which: string): unknown =>
      client
        .prepare(
          `INSERT INTO ${table} (${columns}) SELECT ${values} FROM json_each(?) AS each, ${table} AS one WHERE ${which}`,
        )
        .run(ids);
    const run = 'job_id, spec, project, "trigger", status, queued_at, ended_at';
    copy('runs', `id, ${run}`, `each.value, ${run}`, `one.id = ${first}`);
    const view = 'sequence, channel, body, revision, delivered_revision, written_at, try_at, message_ref';
    copy('views', `key, ${view}`, `'run:' || each.value, ${view}`, `one.key = 'run:${first}'`);
    const message = 'channel, body, attachments, written_at, try_at, delivered_at';
    const values = `'run:' || each.value || ':result', 'run:' || each.value, ${message}`;
    copy('messages', `key, thread_of, ${message}`, values, `one.key = 'run:${first}:result'`);
  });
}

/** How many rows there are with the run's number in them. */
function rowsOf(id: number): Record<string, unknown> {
  const count = (from: string): unknown => fixture.db.$client.prepare(`SELECT count(*) FROM ${from}`).pluck().get();
  return {
    runs: count(`runs WHERE id = ${id}`),
    attempts: count(`attempts WHERE run_id = ${id}`),
    runFiles: count(`run_files WHERE run_id = ${id}`),
    views: count(`views WHERE key = 'run:${id}'`),
    messages: count(`messages WHERE thread_of = 'run:${id}' OR key LIKE 'run:${id}:%'`),
  };
}

const nothing = { runs: 0, attempts: 0, runFiles: 0, views: 0, messages: 0 };

describe('an ended run', () => {
  test('goes a year after its end with its attempts and its thread, the newest 20 of its job stay', async () => {
    await fixture.say('run mend');
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await fixture.settle();
    fixture.store.change(({ runFiles }) => {
      runFiles.gone(1, 'logs', fixture.clock.now());
      runFiles.gone(1, 'worktree', null);
      runFiles.gone(1, 'branch', null);
    });
    writeMany(newestKept);
    expect(rowsOf(1)).toMatchObject({ runs: 1, attempts: 1, runFiles: 1, views: 1 });
    await days(364);
    expect(numbers()).toHaveLength(newestKept + 1);
    await days(2);
    expect(rowsOf(1)).toEqual(nothing);
    expect(numbers()).toEqual(Array.from({ length: newestKept }, (_, index) => newestKept + 1 - index));
    await days(3_000);
    expect(numbers()).toHaveLength(newestKept);
    expect(rowsOf(2)).toMatchObject({ runs: 1, views: 1, messages: 1 });
    expect(fixture.faults).toEqual([]);
  });

  test('stays where the configuration says never, however many there are', async () => {
    fixture.settings.retention = keepAll;
    writeMany(mostRunsOfJob + 30);
    await days(4_000);
    expect(numbers()).toHaveLength(mostRunsOfJob + 30);
  });

  test('goes when its job has 10,000 newer ones, in steps of no more than 500 rows and 50 runs', async () => {
    writeMany(12_000);
    await fixture.say('schedule look --name look');
    writeMany(30, 2);
    const { $client: client } = fixture.db;
    const changes = client.prepare<[], number>('SELECT total_changes()').pluck();
    const count = client.prepare<[], number>('SELECT count(*) FROM runs').pluck();
    const steps: { rows: number; runs: number }[] = [];
    let before = { rows: changes.get() ?? 0, runs: count.get() ?? 0 };
    fixture.store.onCommit(() => {
      const after = { rows: changes.get() ?? 0, runs: count.get() ?? 0 };
      if (after.runs < before.runs) steps.push({ rows: after.rows - before.rows, runs: before.runs - after.runs });
      before = after;
    });
    await days(1);
    expect(steps.reduce((sum, { runs }) => sum + runs, 0)).toBe(2_000);
    expect(Math.max(...steps.map(({ runs }) => runs))).toBeLessThanOrEqual(50);
    expect(Math.max(...steps.map(({ rows }) => rows))).toBeLessThanOrEqual(500);
    expect(numbers().slice(30)).toEqual(Array.from({ length: mostRunsOfJob }, (_, index) => 12_000 - index));
    expect(numbers().slice(0, 30)).toHaveLength(30);
  });

  test('takes a step alone where it has many attempts', async () => {
    const long = write1();
    const next = write1();
    fixture.store.change(({ attempts }) => {
      for (let number = 1; number <= 600; number += 1) {
        const request = { project: testProject() } as unknown as Parameters<typeof attempts.insert>[0]['request'];
        attempts.insert({ id: `r${long}-${number}`, runId: long, number, request, startedAt: fixture.clock.now() });
      }
    });
    writeMany(newestKept);
    const lefts: number[][] = [];
    fixture.store.onCommit(() => lefts.push([long, next].filter((id) => fixture.store.runs.get(id) !== undefined)));
    await days(366);
    expect(lefts).toContainEqual([next]);
    expect([rowsOf(long), rowsOf(next)]).toEqual([nothing, nothing]);
  });
});

const later = 100 * dayMs;
const kept: {
  title: string;
  keep: (change: Change, run: number) => void;
  release: (change: Change, run: number) => void;
}[] = [
  {
    title: 'has not ended',
    keep: ({ runs }, run) => runs.update(run, { status: 'deferred', endedAt: null, deferredUntil: null }),
    release: ({ runs }, run) => runs.update(run, { status: 'failed', endedAt: new Date(0) }),
  },
  {
    title: 'has a message in its thread that is not delivered',
    keep: ({ outbox }, run) =>
      outbox.post({ key: `run:${run}:notify`, channel: 'slack:C1', threadOf: `run:${run}`, body: [] }, new Date(0)),
    release: ({ outbox }, run) => outbox.messageDelivered(`run:${run}:notify`, 'm', new Date(0)),
  },
  {
    title: 'has a message beside its thread that is not delivered',
    keep: ({ outbox }, run) =>
      outbox.post({ key: `run:${run}:result:channel`, channel: 'slack:C1', body: [] }, new Date(0)),
    release: ({ outbox }, run) => outbox.messageDelivered(`run:${run}:result:channel`, 'm', new Date(0)),
  },
  {
    title: 'is told elsewhere in a message that is not delivered',
    keep: ({ outbox }, run) => outbox.post({ key: `elsewhere:run:${run}`, channel: 'slack:C1', body: [] }, new Date(0)),
    release: ({ outbox }, run) => outbox.messageDelivered(`elsewhere:run:${run}`, 'm', new Date(0)),
  },
  {
    title: 'has an owner who is not told yet that its channel is gone',
    keep: ({ outbox }, run) =>
      outbox.post({ key: `unreachable:run:${run}:slack:C1`, channel: 'slack:@U1', body: [] }, new Date(0)),
    release: ({ outbox }, run) => outbox.messageDelivered(`unreachable:run:${run}:slack:C1`, 'm', new Date(0)),
  },
  {
    title: 'has a status message whose newest text is not delivered',
    keep: ({ outbox, runs }, run) => {
      const body = [{ kind: 'line' as const, content: ['new'] }];
      outbox.show({ key: `run:${run}`, channel: runs.get(run)?.spec.channel ?? '', body }, new Date(0));
      outbox.postpone('view', `run:${run}`, new Date(8e15));
    },
    release: ({ outbox }, run) => outbox.viewRefused(`run:${run}`, 2),
  },
  {
    title: 'has a log that is still there',
    keep: ({ runFiles }, run) => runFiles.begin(run, { hasWorktree: false }),
    release: ({ runFiles }, run) => runFiles.gone(run, 'logs', new Date(0)),
  },
  {
    title: 'has a branch that is still there',
    keep: ({ runFiles }, run) => {
      runFiles.begin(run, { hasWorktree: true });
      runFiles.gone(run, 'logs', new Date(0));
      runFiles.gone(run, 'worktree', new Date(0));
    },
    release: ({ runFiles }, run) => runFiles.gone(run, 'branch', new Date(0)),
  },
  {
    title: 'is retried by a run that lives',
    keep: (change, run) => void write(change, 1, { retryOf: run, status: 'deferred', endedAt: null }),
    release: ({ runs }, run) => {
      for (const { id } of runs.retriesOf(run)) runs.update(id, { status: 'failed', endedAt: new Date(0) });
    },
  },
  {
    title: 'was retried by a run that one retries which lives',
    keep: (change, run) => {
      const between = write(change, 1, { retryOf: run });
      write(change, 1, { retryOf: between, status: 'deferred', endedAt: null });
    },
    release: ({ runs }) => {
      for (const { id } of runs.liveOfJob(1)) runs.update(id, { status: 'failed', endedAt: new Date(0) });
    },
  },
  {
    title: 'is for a digest that is still to be told',
    keep: ({ digests, runs }, run) => digests.plan(runs.get(run)?.spec.channel ?? '', new Date(8e15), new Date(0)),
    release: ({ digests }) => digests.keepOnly([]),
  },
];

test.each(kept)('a run stays that $title, until then', async ({ keep, release }) => {
  const run = write1();
  fixture.store.change((change) => keep(change, run));
  writeMany(newestKept + 2);
  await days(365 + later / dayMs);
  expect(fixture.store.runs.get(run)).toBeDefined();
  fixture.store.change((change) => release(change, run));
  await days(1);
  expect(fixture.store.runs.get(run)).toBeUndefined();
  expect(rowsOf(run)).toEqual(nothing);
});

test('a run in place stays until a later one has worked in its folder', async () => {
  const [first, second] = [write1(), write1()];
  const request = { project: testProject() } as unknown as Parameters<Change['attempts']['insert']>[0]['request'];
  const report = { workspace: { kind: 'in-place' }, treeProven: false } as unknown as NonNullable<
    Parameters<Change['attempts']['end']>[1]['report']
  >;
  const work = (run: number): void =>
    fixture.store.change(({ attempts }) => {
      const at = fixture.clock.now();
      attempts.insert({ id: `r${run}-1`, runId: run, number: 1, request, startedAt: at });
      attempts.end(`r${run}-1`, { endedAt: at, report });
    });
  work(first);
  writeMany(newestKept);
  await days(400);
  expect([first, second].map((id) => fixture.store.runs.get(id) !== undefined)).toEqual([true, false]);
  const [newest = 0] = numbers();
  work(newest);
  await days(1);
  expect(fixture.store.runs.get(first)).toBeUndefined();
});

describe('a run that was deleted', () => {
  const sentence =
    'There is no run r1 any more: it was deleted. Runs are kept for 365 days after their end, and the newest 10,000 of a job (retention.runs).';

  async function deleteFirst(given?: RunPatch & Partial<NewRun>): Promise<void> {
    write1(given);
    writeMany(newestKept);
    await days(366);
  }

  test.each(['show r1', 'log r1', 'retry r1', 'cancel r1', 'history r1'])('is named as such by %s', async (command) => {
    await deleteFirst();
    expect((await fixture.say(command)).replaceAll('`', '')).toBe(sentence);
    expect(await fixture.say(command.replace('r1', 'r99'))).toContain('There is no run');
    expect(await fixture.say(command.replace('r1', 'r99'))).not.toContain('any more');
  });

  test('is named as such by the API and the page, to whoever may view something', async () => {
    await deleteFirst();
    const { store, settings, clock } = fixture;
    const desk = createReadDesk({ store, settings, now: clock.now, runner });
    expect(desk.findRun('web:ada', 1)).toBeUndefined();
    expect(desk.whyNoRun('web:ada', 1)).toBe(sentence);
    expect(desk.whyNoRun('web:ada', 2)).toBeUndefined();
    expect(desk.whyNoRun('web:ada', 0)).toBeUndefined();
    expect(desk.whyNoRun('web:ada', 99)).toBeUndefined();
    settings.access = { admins: ['web:grace'], projects: {} };
    expect(desk.whyNoRun('web:ada', 1)).toBeUndefined();
    expect(await fixture.say('show r1')).not.toContain('any more');
  });

  test('leaves no empty pages in the history: what did not run before it comes next', async () => {
    const { store, clock } = fixture;
    const due = (minute: number): Date => new Date(clock.now().getTime() + minute * 60_000);
    const times = Array.from({ length: 100 }, (_, minute) => due(minute));
    store.change(({ occurrences }) => {
      const [first = due(0), ...later] = times;
      occurrences.settle({ jobId: 1, dueAt: first }, 'skipped', first, { reason: 'busy' });
      for (const dueAt of later) occurrences.settle({ jobId: 1, dueAt }, 'ran', dueAt, { runId: 1 });
    });
    await deleteFirst();
    const desk = createReadDesk({ store, settings: fixture.settings, now: clock.now, runner });
    const before = { run: numbers().at(-1) ?? 0, dueAtMs: clock.now().getTime() };
    const page = desk.listHistory('web:ada', 'mend', { before, limit: 5 });
    expect(page).toEqual({
      entries: [{ kind: 'skipped', dueAt: times[0]?.toISOString(), reason: 'busy' }],
      next: null,
    });
  });

  test('leaves a run that retried it readable, and to be retried from the base', async () => {
    const retry = 2 + newestKept;
    await deleteFirst();
    const id = write1({ retryOf: 1, status: 'failed', endedAt: fixture.clock.now() });
    expect(id).toBe(retry);
    expect(await fixture.say(`show r${retry}`)).toContain(`r${retry}`);
    await fixture.say(`retry r${retry}`);
    await fixture.settle();
    expect(runner.started.at(-1)).toMatchObject({ run: retry + 1 });
    expect(runner.started.at(-1)?.startFrom).toBeUndefined();
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await fixture.settle();
    expect(fixture.store.runs.get(retry + 1)).toMatchObject({ status: 'succeeded' });
    expect(fixture.faults).toEqual([]);
  });
});

describe('a deleted job', () => {
  const isThere = (): boolean => fixture.store.jobs.get(1) !== undefined;

  test('goes with the last of its runs; no number is given again', async () => {
    writeMany(3);
    await days(1);
    await fixture.say('delete mend');
    await days(363);
    expect([numbers(), isThere()]).toEqual([[3, 2, 1], true]);
    await days(1);
    expect([numbers(), isThere()]).toEqual([[], true]);
    await days(1);
    expect([numbers(), isThere()]).toEqual([[], false]);
    expect(fixture.store.outbox.view('job:1')).toBeUndefined();
    await fixture.say('schedule mend it again --name mend');
    await fixture.say('run mend');
    const [run] = fixture.store.runs.list({ limit: 2 });
    expect(run satisfies Run | undefined).toMatchObject({ id: 4, jobId: 2 });
    expect(fixture.faults).toEqual([]);
  });

  test('stays as long as an occurrence of it is kept, or something of it is not told', async () => {
    const { store } = fixture;
    const dueAt = fixture.clock.now();
    store.change(({ occurrences }) => occurrences.settle({ jobId: 1, dueAt }, 'skipped', dueAt, { reason: 'busy' }));
    await fixture.say('delete mend');
    await days(400);
    expect(isThere()).toBe(true);
    fixture.settings.retention = { ...fixture.settings.retention, rowsMs: 180 * dayMs };
    store.change(({ outbox }) => {
      outbox.show({ key: 'job:1', channel: 'web:general', body: [] }, dueAt);
      outbox.postpone('view', 'job:1', new Date(8e15));
    });
    await days(1);
    expect(isThere()).toBe(true);
    store.change(({ outbox }) => outbox.viewRefused('job:1', outbox.view('job:1')?.revision ?? 0));
    await days(1);
    expect(isThere()).toBe(false);
  });
});
