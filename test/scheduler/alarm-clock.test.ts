import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AlarmWriter, createAlarmWriter } from '../../src/db/alarm-writer.ts';
import type { AlarmClock } from '../../src/scheduler/alarm-clock.ts';
import { createAlarmClock } from '../../src/scheduler/create-alarm-clock.ts';
import { nodeProcesses } from '../support/node-process.ts';
import { tempDatabases } from '../support/temp-database.ts';

const databases = tempDatabases();
const startNode = nodeProcesses();
// So long that whatever rings in a test was not found by a scan.
const noScanMs = 3_600_000;

let database: Database;
let alarms: AlarmWriter;
let faults: unknown[];
let clocks: AlarmClock[];
/** The instants at which the clock rang, in milliseconds UTC. */
let rings: number[];
beforeEach(() => {
  database = databases.create();
  alarms = createAlarmWriter(database);
  [faults, clocks, rings] = [[], [], []];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const clock of clocks) await clock.stop();
});

function createClock(scanMs: number): AlarmClock {
  const clock = createAlarmClock({ database, onFault: (error) => faults.push(error), scanMs });
  clocks.push(clock);
  return clock;
}

const onRing = (): void => {
  rings.push(Date.now());
};
const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 25_000, interval: 2 });
const ringsAre = (count: number): Promise<unknown> => until(() => rings.length >= count);
const rows = (): unknown[] => database.prepare('SELECT next_run_at FROM agenda_jobs ORDER BY 1').pluck().all();

/** Writes alarms as a change of the store does: in a transaction, and tells the clock after the commit. */
function change(clock: AlarmClock, ...dueMs: number[]): void {
  const write = database.transaction(() => dueMs.map((ms) => alarms.write(new Date(ms))));
  clock.alarmsWritten(write.immediate());
}

describe('an alarm', () => {
  test('that was given at the start rings when it is due, not before, and is gone then', async () => {
    const dueMs = [120, 60, 180].map((ms) => Date.now() + ms);
    await createClock(noScanMs).start(
      dueMs.map((ms) => new Date(ms)),
      onRing,
    );
    await until(() => rows().length === 0);
    // Alarms that have come due by the time of a ring are one ring.
    expect(rings.length).toBeGreaterThan(0);
    expect(rings[0]).toBeGreaterThanOrEqual(Math.min(...dueMs));
    expect(rings.at(-1)).toBeGreaterThanOrEqual(Math.max(...dueMs));
    expect(faults).toEqual([]);
  });

  test('of the past rings at once', async () => {
    const clock = createClock(noScanMs);
    await clock.start([new Date(0)], onRing);
    await ringsAre(1);
    change(clock, 1);
    await ringsAre(2);
    await until(() => rows().length === 0);
    expect(rings).toHaveLength(2);
  });

  test('that a change writes rings when it is due, without a scan', async () => {
    const clock = createClock(noScanMs);
    await clock.start([], onRing);
    const dueMs = Date.now() + 80;
    change(clock, dueMs);
    await ringsAre(1);
    expect(rings[0]).toBeGreaterThanOrEqual(dueMs);
  });

  test('that comes before all the others rings before them', async () => {
    const clock = createClock(noScanMs);
    const lateMs = Date.now() + noScanMs;
    await clock.start([new Date(lateMs)], onRing);
    const soonMs = Date.now() + 50;
    change(clock, soonMs);
    await ringsAre(1);
    expect(rings[0]).toBeGreaterThanOrEqual(soonMs);
    await until(() => rows().length === 1);
    expect(rows()).toEqual([lateMs]);
  });

  test('that lies several scans ahead rings when it is due', async () => {
    const dueMs = Date.now() + 250;
    await createClock(20).start([new Date(dueMs)], onRing);
    await ringsAre(1);
    expect(rings[0]).toBeGreaterThanOrEqual(dueMs);
  });

  test('of which nobody told, as after a crash behind the commit, is found by the next scan', async () => {
    const clock = createClock(20);
    await clock.start([], onRing);
    const dueMs = Date.now() + 50;
    alarms.write(new Date(dueMs));
    await ringsAre(1);
    expect(rings[0]).toBeGreaterThanOrEqual(dueMs);
  });

  test('that the ring itself writes for now rings again, after the ring and not within it', async () => {
    const clock = createClock(noScanMs);
    let depth = 0;
    const depths: number[] = [];
    await clock.start([new Date(0)], () => {
      depth += 1;
      depths.push(depth);
      if (depths.length < 4) change(clock, 0);
      depth -= 1;
      onRing();
    });
    await ringsAre(4);
    expect(depths).toEqual([1, 1, 1, 1]);
  });

  test('is not locked before it is due, so a killed process holds none', async () => {
    const clock = createClock(20);
    await clock.start([new Date(Date.now() + noScanMs), new Date(Date.now() + 60)], onRing);
    await ringsAre(1);
    const locked = database.prepare('SELECT count(*) FROM agenda_jobs WHERE locked_at IS NOT NULL').pluck();
    await until(() => rows().length === 1);
    expect(locked.get()).toBe(0);
  });
});

test('500 alarms of one instant are one ring', { timeout: 60_000 }, async () => {
  const clock = createClock(noScanMs);
  await clock.start([], onRing);
  const dueMs = Date.now() + 50;
  // Past the writer, which would write one alarm for them all.
  const insert = database.prepare(
    `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES (?, 'alarm', 'normal', 0, ?)`,
  );
  const ids = Array.from({ length: 500 }, (_, index) => `alarm-${index}`);
  database.transaction(() => ids.forEach((id) => insert.run(id, dueMs)))();
  clock.alarmsWritten(ids);
  await until(() => rows().length === 0);
  expect(rings).toHaveLength(1);
  expect(rings[0]).toBeGreaterThanOrEqual(dueMs);
  expect(faults).toEqual([]);
});

describe('a start', () => {
  test('forgets the alarms that are there and writes the given ones, each instant once', async () => {
    const [first, second] = [Date.now() + noScanMs, Date.now() + 2 * noScanMs];
    alarms.write(new Date(0));
    alarms.write(new Date(first));
    const dates = [second, first, second].map((ms) => new Date(ms));
    await createClock(noScanMs).start(dates, onRing);
    expect(rows()).toEqual([first, second]);
    expect(rings).toEqual([]);
  });

  test('leaves jobs of other names alone', async () => {
    database.exec(
      `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES ('x', 'other', 'normal', 0, 1)`,
    );
    const clock = createClock(20);
    await clock.start([new Date()], onRing);
    await ringsAre(1);
    await until(() => rows().length === 1);
    expect(rows()).toEqual([1]);
  });

  test('frees an alarm that a killed process had locked ahead', async () => {
    const killed = startNode('scheduler/lock-ahead.ts', database.name);
    const dueMs = Number(await killed.line());
    killed.child.kill('SIGKILL');
    expect(await killed.end).toMatchObject({ code: 'SIGKILL' });
    const locked = database.prepare('SELECT count(*) FROM agenda_jobs WHERE locked_at IS NOT NULL').pluck();
    expect(locked.get()).toBe(1);
    await createClock(noScanMs).start([new Date(dueMs)], onRing);
    await ringsAre(1);
    expect(rings[0]).toBeGreaterThanOrEqual(dueMs);
  });

  test('is refused while the clock runs, and possible again after a stop', async () => {
    const clock = createClock(noScanMs);
    await clock.start([], onRing);
    await expect(clock.start([], onRing)).rejects.toThrow('running already');
    await clock.stop();
    await clock.start([new Date()], onRing);
    await ringsAre(1);
  });
});

describe('a stop', () => {
  test('in the middle of many alarms ends the ringing; the next start rings what it is given', async () => {
    const clock = createClock(noScanMs);
    let stopping: Promise<void> | undefined;
    await clock.start([new Date(0)], () => {
      onRing();
      change(clock, rings.length);
      if (rings.length === 30) stopping = clock.stop();
    });
    await ringsAre(30);
    await stopping;
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(rings).toHaveLength(30);
    await clock.start([new Date(0), new Date(1)], onRing);
    await ringsAre(31);
    await until(() => rows().length === 0);
    expect(rings).toHaveLength(31);
    expect(faults).toEqual([]);
  });

  test('lets nothing ring once it was called, at whatever moment that is', async () => {
    let stoppedEarly = 0;
    for (let turns = 0; turns < 60; turns += 1) {
      const clock = createAlarmClock({ database, onFault: (error) => faults.push(error) });
      rings = [];
      const starting = clock.start([new Date(0)], onRing);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      const before = rings.length;
      await clock.stop();
      await starting;
      for (let turn = 0; turn < 3; turn += 1) await nextTurn();
      expect(rings).toHaveLength(before);
      if (before === 0) stoppedEarly += 1;
    }
    // Else the range of moments lies beside the one that matters.
    expect(stoppedEarly).toBeGreaterThan(0);
    expect(stoppedEarly).toBeLessThan(60);
    expect(faults).toEqual([]);
  });

  test('leaves an alarm in its row, unlocked, and does not touch the store any more', async () => {
    const noonMs = new Date('2026-11-23T12:00:00Z').getTime();
    vi.useFakeTimers({ toFake: ['Date'], now: noonMs });
    const clock = createClock(5);
    await clock.start([new Date(noonMs + noScanMs)], onRing);
    await clock.stop();
    const changes = database.prepare('SELECT total_changes()').pluck();
    const before = changes.get();
    vi.setSystemTime(noonMs + noScanMs);
    const startedMs = performance.now();
    await until(() => performance.now() > startedMs + 50);
    expect(rows()).toEqual([noonMs + noScanMs]);
    expect(database.prepare('SELECT locked_at FROM agenda_jobs').pluck().get()).toBeNull();
    expect(changes.get()).toBe(before);
    expect(rings).toEqual([]);
  });

  test('without a start, twice, or during a start does nothing wrong', async () => {
    const clock = createClock(20);
    await clock.stop();
    const starting = clock.start([new Date()], onRing);
    await clock.stop();
    await clock.stop();
    await starting;
    clock.alarmsWritten(['late']);
    await nextTurn();
    expect([rings, faults]).toEqual([[], []]);
  });

  test('lets the process end by itself', async () => {
    const ended = startNode('scheduler/ring-and-stop.ts', `${database.name}-2.db`);
    expect(await ended.line()).toBe('stopped');
    expect(await ended.end).toEqual({ code: 0, stderr: '' });
  });
});

describe('a fault', () => {
  test('of a ring is told, and the alarm rings again five to ten seconds later; all that fail then are one', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T02:00:00Z') });
    const failure = new Error('disk full');
    await createClock(10).start([new Date(0), new Date(1)], () => {
      onRing();
      if (rings.length <= 2) throw failure;
    });
    for (const failures of [1, 2]) {
      await until(() => faults.length === failures && rows().length === 1);
      const againMs = Number(rows()[0]);
      expect(againMs - rings.at(-1)!).toBeGreaterThanOrEqual(5000);
      expect(againMs - rings.at(-1)!).toBeLessThanOrEqual(10_000);
      vi.setSystemTime(againMs);
    }
    expect(faults).toEqual([failure, failure]);
    await ringsAre(3);
    await until(() => rows().length === 0);
    expect(rings).toHaveLength(3);
  });

  test('of the store is told and does not end the process', async () => {
    const clock = createClock(10);
    await clock.start([], onRing);
    database.close();
    await until(() => faults.length >= 2);
    expect(faults[0]).toMatchObject({ message: 'The database connection is not open' });
    await clock.stop();
    const told = faults.length;
    clock.alarmsWritten(['late']);
    await nextTurn();
    expect([rings, faults.length]).toEqual([[], told]);
  });

  test('of a start is told to whoever starts, and another start may follow', async () => {
    const clock = createClock(noScanMs);
    await expect(clock.start([new Date(Number.NaN)], onRing)).rejects.toThrow(RangeError);
    await clock.start([new Date()], onRing);
    await ringsAre(1);
  });
});

describe('a wall clock', () => {
  const noon = new Date('2026-11-23T12:00:00Z').getTime();
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: noon }));

  test('that is set forward over an alarm makes it ring within a scan', async () => {
    await createClock(10).start([new Date(noon + noScanMs)], onRing);
    vi.setSystemTime(noon + noScanMs + 5);
    await ringsAre(1);
    expect(rings[0]).toBeGreaterThanOrEqual(noon + noScanMs + 5);
  });

  test('that is set back makes an alarm wait until it gets there', async () => {
    const clock = createClock(10);
    await clock.start([new Date(noon + 30)], onRing);
    vi.setSystemTime(noon - noScanMs);
    // Longer than the timer that was set for the alarm: a second alarm, due by the clock as it is now, rings alone.
    const startedMs = performance.now();
    await until(() => performance.now() - startedMs > 60);
    change(clock, noon - noScanMs);
    await ringsAre(1);
    expect(rings[0]).toBeLessThan(noon);
    vi.setSystemTime(noon + 30);
    await ringsAre(2);
    expect(rings[1]).toBeGreaterThanOrEqual(noon + 30);
  });
});
