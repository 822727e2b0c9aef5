import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { openDatabase, type Db } from '../src/db/open-database.ts';
import { createStore } from '../src/db/store.ts';
import { createDesk } from '../src/desk/create-desk.ts';
import type { DeskSettings } from '../src/desk/desk-settings.ts';
import { createReadDesk } from '../src/desk/read-desk.ts';
import { createAlarmClock } from '../src/scheduler/create-alarm-clock.ts';
import { createFakeRunner } from '../test/support/fake-runner.ts';
import { medianOf, ms, printFigures, timeMs, type Figure } from './measure.ts';
import { keepAll } from '../test/support/keep-all.ts';
import { createRunFiles } from '../src/runner/run-files.ts';

const settings: DeskSettings = {
  commandName: '/claude',
  hostName: 'bench',
  digest: { time: { hour: 8, minute: 0 }, zone: 'UTC', channels: [] },
  minFree: { bytes: 1024 ** 3 },
  retention: keepAll,
  hostZone: 'UTC',
  nightlyAt: { hour: 2, minute: 0 },
  concurrency: 2,
  runDefaults: {
    timeoutMs: 7_200_000,
    retries: 2,
    notify: 'never',
    overlap: 'skip',
    catchUp: 'latest',
    catchUpWithinMs: 43_200_000,
  },
  projects: new Map([
    ['api', { name: 'api', path: '/nowhere', workspace: 'worktree', copy: [], allowedTools: [], checks: [] }],
  ]),
  channels: new Map(),
  access: { admins: ['web:ada'], projects: {} },
};

/** Jobs with a schedule, an occurrence and an alarm each, and ended runs with their status messages. */
function fill(db: Db, jobs: number, runs: number): void {
  const later = Date.now() + 86_400_000;
  const spec = `json_object('jobName', 'job-' || (i % ${jobs}), 'goal', 'Raise the dependencies.', 'project', 'api', 'checks', json('[]'), 'settings', json('${JSON.stringify(settings.runDefaults)}'), 'channel', 'web:general', 'owner', 'web:ada')`;
  const count = (to: number): string =>
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  db.$client.exec(`
    ${count(jobs)} INSERT INTO jobs (id, name, goal, project, checks, schedule, settings, channel, owner, created_at)
      SELECT i, 'job-' || i, 'Raise the dependencies.', 'api', '[]', '{"kind":"interval","everyMs":86400000,"fromMs":0,"zone":"UTC"}', '${JSON.stringify(settings.runDefaults)}', 'web:general', 'web:ada', 0 FROM n;
    ${count(jobs)} INSERT INTO occurrences (job_id, due_at, state) SELECT i, ${later} + i, 'planned' FROM n;
    ${count(jobs)} INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) SELECT 'a' || i, 'alarm', 'normal', 0, ${later} + i FROM n;
    ${count(runs)} INSERT INTO runs (id, job_id, spec, project, trigger, status, queued_at, started_at, ended_at)
      SELECT i, 1 + i % ${jobs}, ${spec}, 'api', 'schedule', CASE WHEN i % 10 = 0 THEN 'failed' ELSE 'succeeded' END, i, i, i + 1 FROM n;
    ${count(runs)} INSERT INTO views (key, sequence, channel, body, revision, written_at, delivered_revision, message_ref, try_at)
      SELECT 'run:' || i, i, 'web:general', '[]', 1, 0, 1, i, 0 FROM n;
    ANALYZE;`);
}

interface Times {
  start: number;
  [what: string]: number;
}

async function measure(jobs: number, runs: number): Promise<Times> {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-bench-'));
  const file = join(folder, 'nightdesk.db');
  try {
    const filling = openDatabase(file);
    fill(filling, jobs, runs);
    filling.$client.close();
    const starts: number[] = [];
    for (let count = 0; count < 5; count += 1) starts.push((await startAndStop(file)).tookMs);
    const first = starts[0] ?? NaN;
    const { times } = await startAndStop(file, true);
    return { 'the first start, with an alarm for each job': first, start: medianOf(starts.slice(1)), ...times };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startAndStop(file: string, isTimed = false): Promise<{ tookMs: number; times: Record<string, number> }> {
  const startedAt = performance.now();
  const db = openDatabase(file);
  const store = createStore(db);
  const now = (): Date => new Date();
  const onFault = (error: unknown): never => {
    throw error;
  };
  const clock = createAlarmClock({ database: db.$client, onFault });
  const desk = createDesk({
    pageUrl: () => undefined,
    store,
    runner: createFakeRunner(),
    runFiles: createRunFiles({ dataDirectory: dirname(file), env: () => ({}) }),
    clock,
    chats: new Map(),
    settings,
    host: {
      disk: () => ({ freeBytes: 1e12, totalBytes: 1e12 }),
      tryWriting: async () => ({ fault: undefined, tookMs: 0 }),
      isFolder: async () => true,
      missingClaude: () => undefined,
    },
    now,
    onFault,
  });
  await desk.start();
  const tookMs = performance.now() - startedAt;
  const read = createReadDesk({ store, runner: createFakeRunner(), settings, now });
  let event = 0;
  const say = async (text: string): Promise<void> => {
    await desk.handlers.onText(text, {
      person: 'web:ada',
      channel: 'web:general',
      eventId: `bench:${process.hrtime.bigint()}:${(event += 1)}`,
    });
  };
  const saidMs = async (text: string): Promise<number> => {
    const taken: number[] = [];
    for (let count = 0; count < 15; count += 1) {
      const at = performance.now();
      await say(text);
      taken.push(performance.now() - at);
    }
    return medianOf(taken);
  };
  const times = isTimed
    ? {
        '`list`': await saidMs('list'),
        '`history`': await saidMs('history'),
        '`history` of a job': await saidMs('history job-7'),
        '`show` of a job': await saidMs('show job-7'),
        '/api/runs': timeMs(15, () => void read.listRuns('web:ada', { limit: 50 })),
        '/api/runs of a status': timeMs(15, () => void read.listRuns('web:ada', { status: 'succeeded', limit: 50 })),
        '/api/jobs': timeMs(3, () => void read.listJobs('web:ada', { filter: '', limit: 50 })),
        'a look at the outbox': timeMs(15, () => void store.outbox.waitingChannels()),
      }
    : {};
  await desk.stop();
  db.$client.close();
  return { tookMs, times };
}

/** Lists and start-up with many jobs and runs against few. */
export async function benchStore(): Promise<void> {
  const few = await measure(1_000, 1_000);
  const many = await measure(100_000, 1_000_000);
  const figures = Object.entries(many).map(([what, value]): Figure => {
    const base = few[what] ?? NaN;
    const ratio = value / base;
    return { what, value: `${ms(value)} over ${ms(base)}, ${ratio.toFixed(1)} ×`, goal: '≤ 2 ×', isMet: ratio <= 2 };
  });
  printFigures('100,000 jobs and 1,000,000 runs over 1,000 and 1,000', figures);
}
