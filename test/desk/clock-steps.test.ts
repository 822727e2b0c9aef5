import path from 'node:path';

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { openDatabase } from '../../src/db/open-database.ts';
import { createStore } from '../../src/db/store.ts';
import { createWatchClock } from '../../src/desk/watch-clock.ts';
import { plannedInstants, startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeClaude, type FakeRunner } from '../support/fake-runner.ts';
import { usualPolicies } from '../support/usual-policies.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
});
afterEach(async () => {
  vi.useRealTimers();
  await fixture.stop();
});

const states = (): string[] =>
  fixture.store.occurrences
    .settled(1, 100_000)
    .map(({ dueAt, state }) => `${dueAt.toISOString().slice(0, 16)} ${state}`)
    .reverse();
const planned = (): string[] => plannedInstants(fixture).map((at) => at.toISOString().slice(0, 16));
const at = (instant: string): void => fixture.clock.moveTo(new Date(`${instant}Z`));
const schedule = (when: string, flags = ''): Promise<string> =>
  fixture.say(`schedule tidy up --when "${when}" --name tidy ${flags}`);

test('what a clock that is set an hour forward jumps over is caught up', async () => {
  await schedule('hourly');
  at('2026-11-23T08:30');
  at('2026-11-23T09:30');
  expect(states()).toEqual(['2026-11-23T09:00 ran']);
});

test('a clock that is set an hour back repeats nothing, and what it has not shown yet is due in its time', async () => {
  await schedule('every 30 minutes');
  for (const time of ['08:30', '09:00']) at(`2026-11-23T${time}`);
  runner.report();
  at('2026-11-23T08:01');
  expect(planned()).toEqual(['2026-11-23T09:30']);
  for (const time of ['08:30', '09:00', '09:30']) at(`2026-11-23T${time}`);
  expect(states().map((each) => each.slice(11))).toEqual(['08:30 ran', '09:00 skipped', '09:30 ran']);
});

test.each([
  ['latest', ['08:30 missed', '09:00 ran', '09:30 ran', '10:00 ran']],
  ['all', ['08:30 ran', '09:00 ran', '09:30 ran', '10:00 ran']],
])('what ran before a step back is passed over where %s is caught up after it', async (rule, expected) => {
  await schedule('every 30 minutes', '--catch-up latest');
  at('2026-11-23T09:40');
  runner.report();
  at('2026-11-23T10:00');
  runner.report();
  expect(states().map((each) => each.slice(11))).toEqual(['08:30 missed', '09:00 missed', '09:30 ran', '10:00 ran']);
  await fixture.say(`edit tidy --catch-up ${rule}`);
  at('2026-11-23T08:10');
  at('2026-11-23T10:00');
  expect(states().map((each) => each.slice(11))).toEqual(expected);
  const dueAt = fixture.store.runs.list({ limit: 10 }).map((run) => run.dueAt?.getTime());
  expect(new Set(dueAt).size).toBe(dueAt.length);
});

test('a clock that jumps years ahead and back leaves the job due when its schedule says', async () => {
  await schedule('every day at 9am');
  at('2026-11-23T09:00');
  runner.report();
  at('2033-05-01T12:00');
  runner.report();
  expect(planned()).toEqual(['2033-05-02T09:00']);
  at('2026-11-23T12:00');
  expect(planned()).toEqual(['2026-11-24T09:00']);
  expect(states()).toEqual(['2026-11-23T09:00 ran', '2033-05-01T09:00 ran']);
  at('2026-11-24T09:00');
  expect(states()).toEqual(['2026-11-23T09:00 ran', '2026-11-24T09:00 ran', '2033-05-01T09:00 ran']);
});

test('a job for one time that a wrong clock missed is due again', async () => {
  await schedule('2026-11-25T09:00');
  at('2030-01-01T00:00');
  expect(states()).toEqual(['2026-11-25T09:00 missed']);
  at('2026-11-23T08:10');
  expect(planned()).toEqual(['2026-11-25T09:00']);
  at('2026-11-25T09:00');
  expect(states()).toEqual(['2026-11-25T09:00 ran']);
});

test('a clock that was set back while nightdesk was down is noticed at its start', async () => {
  await schedule('every day at 9am', '--catch-up skip');
  at('2031-11-23T12:00');
  await fixture.stop({ keep: true });
  fixture = await startDesk({ runner, directory: fixture.directory, start: new Date('2026-11-23T08:05:00Z') });
  expect(planned()).toEqual(['2026-11-23T09:00']);
  expect(states()).toEqual([]);
});

test('a clock that is trimmed by less than a minute changes nothing', async () => {
  await schedule('hourly');
  at('2026-11-23T09:00');
  const before = fixture.store.change((change) => change.clock.read());
  at('2026-11-23T08:59:01');
  expect(fixture.store.change((change) => change.clock.read())).toEqual(before);
});

test('paused jobs and jobs on demand get no time by a step back', async () => {
  await schedule('hourly');
  await fixture.say('schedule look around --name look');
  at('2027-01-01T00:00');
  await fixture.say('pause tidy');
  at('2026-11-23T08:10');
  expect(planned()).toEqual([]);
});

test('more jobs than one look takes are planned again in several, over a kill too', async () => {
  fixture.store.change((change) => {
    for (let number = 1; number <= 1_100; number += 1) {
      const jobId = change.jobs.insert({
        name: `job-${number}`,
        goal: 'look around',
        project: 'api',
        checks: [],
        schedule: { kind: 'cron', expression: '0 9 * * *', zone: 'UTC' },
        settings: { timeoutMs: 60_000, retries: 0, notify: 'never', ...usualPolicies },
        channel: 'web:general',
        owner: 'web:ada',
        createdAt: fixture.clock.now(),
      });
      change.occurrences.plan({ jobId, dueAt: new Date('2036-11-24T09:00:00Z') });
    }
    change.clock.write({ latestAt: new Date('2036-11-23T10:00:00Z'), replannedTo: null });
  });
  const far = (): number => planned().filter((each) => each.startsWith('2036')).length;
  at('2026-11-23T08:05');
  expect(far()).toBe(600);
  await fixture.stop({ keep: true });
  fixture = await startDesk({ runner, directory: fixture.directory, start: new Date('2026-11-23T08:06:00Z') });
  expect(far()).toBe(100);
  at('2026-11-23T08:06');
  expect(far()).toBe(0);
  expect(new Set(planned())).toEqual(new Set(['2026-11-23T09:00']));
});

test.each([
  ['the API was overloaded', { apiErrorStatus: 529, text: 'overloaded' }],
  ['a limit was reached', { apiErrorStatus: 429, text: "You've hit your session limit · resets 3:45pm (UTC)" }],
  ['a limit was reached that said no time', { apiErrorStatus: 429, text: "You've hit your session limit" }],
])('a run that was put off under a wrong clock since %s does not wait for that time', async (_why, trouble) => {
  await schedule('every day at 9am');
  at('2033-05-01T09:00');
  const result = { subtype: 'success', isError: true, terminalReason: null, ...trouble };
  runner.report({ claude: fakeClaude({ result }), endedAtMs: fixture.clock.now().getTime() });
  expect(fixture.store.runs.get(1)?.status).toBe('deferred');
  at('2026-11-23T08:10');
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1', 'r1-2']);
  expect(fixture.store.holds.active()).toEqual([]);
});

test('a run that waits for somebody to mend the login waits on', async () => {
  await schedule('every day at 9am');
  at('2033-05-01T09:00');
  const result = {
    subtype: 'success',
    isError: true,
    terminalReason: null,
    apiErrorStatus: 401,
    text: 'Please run /login',
  };
  runner.report({ claude: fakeClaude({ result }) });
  at('2026-11-23T08:10');
  expect(fixture.store.runs.get(1)?.status).toBe('deferred');
});

test('a reaction does not wait for the time that a clock showed before it was set back', async () => {
  await schedule('every day at 9am');
  at('2026-11-23T09:00');
  await fixture.react(1, '🛑');
  at('2026-11-23T07:30');
  expect(runner.cancelled).toEqual(['r1-1']);
});

test('a message that was edited in the future does not wait for that time', async () => {
  await schedule('every day at 9am');
  at('2033-05-01T12:00');
  await fixture.settle();
  at('2026-11-23T08:10');
  await fixture.say('pause tidy');
  expect(await fixture.told()).toContain('⏸️ paused');
});

test('a clock that is set back is seen without an alarm', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let now = new Date('2033-05-01T12:00:00Z');
  let steps = 0;
  const watch = createWatchClock({ now: () => now, onSetBack: () => (steps += 1), onFault: () => {} });
  watch.start();
  vi.advanceTimersByTime(30_000);
  now = new Date('2033-05-01T11:59:30Z');
  vi.advanceTimersByTime(30_000);
  expect(steps).toBe(0);
  now = new Date('2026-11-23T08:00:00Z');
  vi.advanceTimersByTime(90_000);
  expect(steps).toBe(1);
  watch.stop();
  now = new Date('2020-11-23T08:00:00Z');
  vi.advanceTimersByTime(90_000);
  expect(steps).toBe(1);
});

test('a clock that is set back while the store takes nothing is seen again until it does', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let now = new Date('2033-05-01T12:00:00Z');
  let isLocked = true;
  const faults: unknown[] = [];
  let alarms = 0;
  const watch = createWatchClock({
    now: () => now,
    onSetBack() {
      if (isLocked) throw new Error('database is locked');
      alarms += 1;
    },
    onFault: (error) => faults.push(error),
  });
  watch.start();
  now = new Date('2026-11-23T08:00:00Z');
  vi.advanceTimersByTime(60_000);
  expect([faults.length, alarms]).toEqual([2, 0]);
  isLocked = false;
  vi.advanceTimersByTime(90_000);
  expect([faults.length, alarms]).toEqual([2, 1]);
  watch.stop();
});

test('what a command writes while the clock waits for the store to start is rung for', async () => {
  await schedule('hourly');
  const start = fixture.clock.now();
  const until = new Date('2026-11-24T10:30:00Z');
  await fixture.stop({ keep: true });
  const other = openDatabase(path.join(fixture.directory, 'nightdesk.db'));
  onTestFinished(() => void other.$client.close());
  fixture = await startDesk({
    runner,
    directory: fixture.directory,
    start,
    wrapClock: (clock) => ({
      ...clock,
      async start(dueAt, onRing) {
        createStore(other).change((change) => {
          change.jobs.setPaused(1, { until });
          change.alarm(until);
        });
        // As the real clock does, once it has the lock: it begins with what it was given.
        other.$client.exec('DELETE FROM agenda_jobs');
        await clock.start(dueAt, onRing);
      },
    }),
  });
  const alarms = fixture.db.$client.prepare('SELECT next_run_at FROM agenda_jobs').pluck().all();
  expect(alarms).toContain(until.getTime());
});
