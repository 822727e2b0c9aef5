import { describe, expect, onTestFinished, test, vi } from 'vitest';

import type { RunDetailJson } from '../../src/web/desk-json.ts';
import type { WebDesk } from '../../src/web/web-desk.ts';
import { openWebChat, startWeb } from '../support/running-web.ts';

const run = (given: Partial<RunDetailJson> = {}): RunDetailJson => ({
  id: 'r142',
  number: 142,
  job: 'upgrade-deps',
  project: 'api',
  status: 'succeeded',
  isLive: false,
  reason: 'succeeded on attempt 2',
  trigger: 'schedule',
  requestedBy: null,
  retryOf: null,
  attemptCount: 2,
  queuedAt: '2026-11-22T01:00:00.000Z',
  startedAt: '2026-11-22T01:00:01.000Z',
  endedAt: '2026-11-22T01:21:00.000Z',
  costUsd: 1.12,
  channel: 'web:general',
  messageRef: '7',
  goal: 'raise the dependencies',
  checks: ['$ npm test'],
  branch: 'nightdesk/upgrade-deps/r142',
  note: null,
  owner: 'web:ada',
  dueAt: null,
  currentJob: 'upgrade-deps',
  retries: [],
  headline: [],
  actions: [],
  pending: [],
  deleted: [],
  attempts: [attempt(1), attempt(2)],
  ...given,
});

const attempt = (number: number): RunDetailJson['attempts'][number] => ({
  number,
  cause: null,
  reason: null,
  startedAt: '2026-11-22T01:00:01.000Z',
  endedAt: null,
  costUsd: null,
  turns: null,
  toolCalls: null,
  tokens: null,
  model: null,
  cliVersion: null,
  keySource: null,
  sessionId: null,
  checksBefore: [],
  checksAfter: [],
  failedStep: null,
  changes: null,
  denials: [],
  remarks: [],
  words: '',
  hasLog: true,
  hasPatch: false,
});

async function start(desk: Partial<WebDesk>) {
  const { chat, folder } = await openWebChat();
  return startWeb(folder, chat, { desk });
}

/** Logs by attempt, which a test may write on. */
function createLogs(logs: Record<number, string>) {
  const live = new Set<number>();
  const readFile: WebDesk['readFile'] = async ({ attempt, offset, maxBytes }) => ({
    isLive: live.has(attempt),
    bytes: Buffer.from(logs[attempt] ?? '').subarray(offset, offset + maxBytes),
  });
  const fileSize: WebDesk['fileSize'] = async ({ attempt }) => Buffer.byteLength(logs[attempt] ?? '');
  return { logs, live, readFile, fileSize };
}

test('jobs are those that the desk shows to the one who asks', async () => {
  const asked: string[] = [];
  const { ask } = await start({
    listJobs: (person) => {
      asked.push(person);
      return { jobs: [], hasMore: false };
    },
  });
  expect(await (await ask('GET', '/api/jobs')).json()).toEqual({ jobs: [], hasMore: false });
  expect(asked).toEqual(['web:ada']);
});

test('runs are asked for by job, status, place and number', async () => {
  const asked: unknown[] = [];
  const { ask } = await start({
    listRuns: (_, filter) => {
      asked.push(filter);
      return { runs: [run()], hasMore: false };
    },
  });
  const response = await ask('GET', '/api/runs?job=upgrade-deps&status=failed&before=r150&limit=5');
  expect(await response.json()).toMatchObject({ runs: [{ id: 'r142', costUsd: 1.12 }] });
  await ask('GET', '/api/runs');
  expect(asked).toEqual([{ job: 'upgrade-deps', status: 'failed', before: 150, limit: 5 }, { limit: 50 }]);
});

test.each(['status=done', 'limit=0', 'limit=501', 'limit=x', 'jobs=x', 'job=', 'before=x1'])(
  'a question for runs with %s is refused by name',
  async (query) => {
    const { ask } = await start({});
    const response = await ask('GET', `/api/runs?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { issues: [{ at: expect.stringMatching(/^query/) }] } });
  },
);

test.each(['r142', '142', 'R142'])('a run is found as %s', async (id) => {
  const { ask, url } = await start({ findRun: (_, number) => (number === 142 ? run() : undefined) });
  expect(await (await ask('GET', `/api/runs/${id}`)).json()).toEqual({ run: { ...run(), url: `${url}/runs/r142` } });
});

test.each(['r143', 'x142', '14.2', '-142', 'upgrade-deps'])('a run is not found as %s', async (id) => {
  const { ask } = await start({ findRun: (_, number) => (number === 142 ? run() : undefined) });
  const response = await ask('GET', `/api/runs/${id}`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(id) } });
});

test.each(['/api/runs/r7', '/api/runs/7', '/api/runs/r7/log', '/api/runs/r7/patch'])(
  'a run that was deleted is said to be so by %s',
  async (path) => {
    const { ask } = await start({
      whyNoRun: (_, number) => (number === 7 ? 'There is no run r7 any more.' : undefined),
    });
    const response = await ask('GET', path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { message: 'There is no run r7 any more.' } });
    const unknown = await ask('GET', path.replace('7', '8'));
    expect(await unknown.json()).toMatchObject({ error: { message: expect.stringContaining('that you may view') } });
  },
);

describe('a log', () => {
  test('is that of the newest attempt, or of the one asked for', async () => {
    const { readFile } = createLogs({ 1: 'first', 2: 'second' });
    const { ask } = await start({ findRun: () => run(), readFile });
    const newest = await ask('GET', '/api/runs/r142/log');
    expect(newest.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await newest.text()).toBe('second');
    expect(await (await ask('GET', '/api/runs/r142/log?attempt=1')).text()).toBe('first');
  });

  test('longer than a part comes whole', async () => {
    const long = 'ü'.repeat(500_000);
    const { ask } = await start({ findRun: () => run(), readFile: createLogs({ 2: long }).readFile });
    expect(await (await ask('GET', '/api/runs/r142/log')).text()).toBe(long);
  });

  test.each(['attempt=3', 'attempt=0', 'attempt=x', 'follow=maybe'])('with %s is refused', async (query) => {
    const { ask } = await start({ findRun: () => run() });
    const { status } = await ask('GET', `/api/runs/r142/log?${query}`);
    expect(status).toBe(query === 'attempt=3' ? 404 : 400);
  });

  test('of a run that has not begun is empty', async () => {
    const { ask } = await start({ findRun: () => run({ attempts: [], isLive: true, status: 'queued' }) });
    expect(await (await ask('GET', '/api/runs/r142/log')).text()).toBe('');
  });

  test('that is followed waits for the run, goes on with its next attempt and ends with it', async () => {
    const state = { run: run({ isLive: true, status: 'queued', attempts: [] }) };
    const { logs, live, readFile } = createLogs({});
    const { ask } = await start({ findRun: () => state.run, readFile });
    const response = await ask('GET', '/api/runs/r142/log?follow=true');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();

    logs[1] = 'one ';
    live.add(1);
    state.run = run({ isLive: true, status: 'running', attempts: [attempt(1)] });
    expect((await reader.read()).value).toBe('one ');
    logs[1] += 'more ';
    expect((await reader.read()).value).toBe('more ');

    live.delete(1);
    logs[2] = 'two';
    state.run = run({ isLive: true, status: 'running', attempts: [attempt(1), attempt(2)] });
    expect((await reader.read()).value).toBe('two');
    state.run = run();
    expect((await reader.read()).done).toBe(true);
  });

  test.each([
    ['true', 'three\nof the second\nall of it\n'],
    ['false', 'three\n'],
  ])('that is had from its end is that of the attempt whose end it is (follow=%s)', async (follow, expected) => {
    const state = { run: run({ isLive: true, status: 'running', attempts: [attempt(1)] }) };
    const { readFile, fileSize } = createLogs({ 1: 'one\ntwo\nthree\n', 2: 'of the second\nall of it\n' });
    const { ask } = await start({
      findRun: () => state.run,
      readFile,
      // The next attempt begins while the log of the one before is measured.
      async fileSize(request) {
        state.run = run();
        return fileSize(request);
      },
    });
    const response = await ask('GET', `/api/runs/r142/log?tail=7&follow=${follow}`);
    expect([await response.text(), response.headers.get('x-log-offset')]).toEqual([expected, '7']);
  });

  test('of one attempt that is followed ends with that attempt', async () => {
    const { live, readFile } = createLogs({ 1: 'one', 2: 'two' });
    live.add(2);
    const { ask } = await start({ findRun: () => run({ isLive: true, status: 'running' }), readFile });
    expect(await (await ask('GET', '/api/runs/r142/log?attempt=1&follow=true')).text()).toBe('one');
  });

  test('that is followed ends when the server stops', async () => {
    const { live, readFile } = createLogs({ 2: 'two' });
    live.add(2);
    const { ask, stop } = await start({ findRun: () => run({ isLive: true, status: 'running' }), readFile });
    const response = await ask('GET', '/api/runs/r142/log?follow=true');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('two');
    await stop();
    expect((await reader.read()).done).toBe(true);
  });

  test.each(['/api/runs/r142/log', '/api/runs/r142/patch'])(
    'that can not be read to its end breaks off, and is a fault in the log: %s',
    async (path) => {
      const printed = vi.spyOn(console, 'error').mockReturnValue();
      onTestFinished(() => printed.mockRestore());
      const { ask, faults } = await start({
        findRun: () => run({ attempts: [{ ...attempt(1), hasPatch: true }] }),
        async readFile({ offset }) {
          if (offset > 0) throw new Error('EIO: i/o error, read');
          return { bytes: Buffer.from('one\n'), isLive: false };
        },
      });
      await expect(ask('GET', path).then((response) => response.text())).rejects.toThrow(/terminated|fetch failed/);
      expect(faults).toEqual([new Error('EIO: i/o error, read')]);
      expect(printed).not.toHaveBeenCalled();
    },
  );

  test('that is followed ends when its reader is shut out', async () => {
    const { live, logs, readFile } = createLogs({ 2: 'two' });
    live.add(2);
    const { ask, tokens } = await start({ findRun: () => run({ isLive: true, status: 'running' }), readFile });
    const response = await ask('GET', '/api/runs/r142/log?follow=true');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('two');
    tokens.admit(['grace']);
    logs[2] += ' for grace';
    expect((await reader.read()).done).toBe(true);
  });

  test('is looked at no more when its reader has gone', async () => {
    let reads = 0;
    const { ask } = await start({
      findRun: () => run({ isLive: true, status: 'running' }),
      readFile: async () => {
        reads += 1;
        return { bytes: new Uint8Array(reads === 1 ? 1 : 0), isLive: true };
      },
    });
    const response = await ask('GET', '/api/runs/r142/log?follow=true');
    await response.body!.cancel();
    let before = -1;
    await expect
      .poll(
        () => {
          const isQuiet = before === reads;
          before = reads;
          return isQuiet;
        },
        { interval: 50 },
      )
      .toBe(true);
  });
});
