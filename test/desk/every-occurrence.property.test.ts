import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Schedule } from '../../src/model/schedule/schedule.ts';
import { nextOccurrence } from '../../src/model/schedule/next-occurrence.ts';
import { catchUpRules, overlapRules } from '../../src/model/overlap.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../support/fake-runner.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const beginMs = Date.parse('2026-10-24T08:00:00Z');

/** What may happen between two looks at the tables. */
type Event =
  /** Time goes on, with the bell rung at each instant that is planned. */
  | { kind: 'goes-on'; ms: number }
  /** nightdesk is down, or the machine sleeps, or the clock is set forward. */
  | { kind: 'down'; ms: number; isRestart: boolean }
  | { kind: 'set-back'; ms: number; isRestart: boolean }
  /** The work of the next ring is cut off where it settles an occurrence for the nth time, and nightdesk starts again. */
  | { kind: 'killed'; after: number; ms: number }
  /** Runs that work end. */
  | { kind: 'ends' }
  | { kind: 'pauses'; ms: number };

const ms = (least: number, most: number) =>
  fc.integer({ min: least / minuteMs, max: most / minuteMs }).map((n) => n * minuteMs);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('goes-on' as const), ms: ms(minuteMs, 6 * hourMs) }),
  fc.record({ kind: fc.constant('down' as const), ms: ms(minuteMs, 3 * dayMs), isRestart: fc.boolean() }),
  fc.record({ kind: fc.constant('down' as const), ms: fc.constant(hourMs), isRestart: fc.boolean() }),
  fc.record({ kind: fc.constant('set-back' as const), ms: fc.constant(hourMs), isRestart: fc.boolean() }),
  fc.record({ kind: fc.constant('set-back' as const), ms: ms(2 * minuteMs, 4 * dayMs), isRestart: fc.boolean() }),
  fc.record({
    kind: fc.constant('killed' as const),
    after: fc.integer({ min: 1, max: 4 }),
    ms: ms(minuteMs, 2 * dayMs),
  }),
  fc.record({ kind: fc.constant('ends' as const) }),
  fc.record({ kind: fc.constant('pauses' as const), ms: ms(minuteMs, 3 * hourMs) }),
);
const when = fc.constantFrom(
  '17 * * * *',
  '*/20 * * * *',
  'every 45 minutes',
  'every day at 2:30am in Europe/Berlin',
  'weekdays at 9am in America/New_York',
  '30 1 * * * in Europe/London',
);
const job = fc.record({
  when,
  overlap: fc.constantFrom(...overlapRules),
  catchUp: fc.constantFrom(...catchUpRules),
  within: fc.constantFrom('30m', '12h', '3 days'),
});

/** A data directory in which a desk has begun: to make its tables takes longer than most of what happens to it. */
let begun: string;
beforeAll(async () => {
  const fixture = await startDesk({ runner: createFakeRunner(), start: new Date(beginMs) });
  begun = fixture.directory;
  await fixture.stop({ keep: true });
});
afterAll(() => rmSync(begun, { recursive: true }));

/** A desk that is killed and started again, in a time that goes as the test says. */
async function startWorld() {
  const directory = mkdtempSync(path.join(tmpdir(), 'nightdesk-world-'));
  cpSync(begun, directory, { recursive: true });
  let runner: FakeRunner = createFakeRunner();
  let fixture: DeskFixture = await startDesk({ runner, directory, start: new Date(beginMs) });
  const nowMs = (): number => fixture.clock.now().getTime();
  const restart = async (atMs: number): Promise<void> => {
    await fixture.stop({ keep: true });
    runner = createFakeRunner();
    fixture = await startDesk({ runner, directory, start: new Date(atMs) });
  };
  return {
    fixture: () => fixture,
    nowMs,
    restart,
    endRuns(): void {
      for (const run of fixture.store.runs.withStatus('running')) {
        runner.report({ attemptId: run.currentAttemptId ?? '', isCancelled: run.cancelledBy !== null });
      }
    },
    async stop() {
      await fixture.stop({ keep: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
type World = Awaited<ReturnType<typeof startWorld>>;

async function happen(world: World, what: Event): Promise<void> {
  const { clock, store, db } = world.fixture();
  switch (what.kind) {
    case 'goes-on': {
      const untilMs = world.nowMs() + what.ms;
      for (;;) {
        const next = store.occurrences.nextPlanned(clock.now());
        if (next === undefined || next.getTime() > untilMs) break;
        clock.moveTo(next);
      }
      clock.moveTo(new Date(untilMs));
      return;
    }
    case 'down':
      if (what.isRestart) await world.restart(world.nowMs() + what.ms);
      else clock.advance(what.ms);
      return;
    case 'set-back':
      if (what.isRestart) await world.restart(world.nowMs() - what.ms);
      else clock.advance(-what.ms);
      return;
    case 'killed':
      db.$client.exec(`
        CREATE TEMP TABLE counted AS SELECT 0 AS n;
        CREATE TEMP TRIGGER cut BEFORE INSERT ON main.occurrences WHEN (SELECT n FROM counted) >= ${what.after}
          BEGIN SELECT raise(ABORT, 'killed'); END;
        CREATE TEMP TRIGGER count AFTER INSERT ON main.occurrences BEGIN UPDATE counted SET n = n + 1; END`);
      try {
        clock.advance(what.ms);
      } catch {
        // As with a kill: what was not committed has not been.
      }
      await world.restart(world.nowMs());
      return;
    case 'ends':
      world.endRuns();
      return;
    case 'pauses':
      await world.fixture().say('pause tidy');
      clock.advance(what.ms);
      await world.fixture().say('resume tidy');
  }
}

interface Seen {
  /** The times in which the job was not paused, as its clock showed them. */
  spans: { fromMs: number; toMs: number }[];
}

/** What a wrong clock has shown comes once more, and perhaps while the job is paused. */
const showAgain = (spans: Seen['spans'], fromMs: number): Seen['spans'] =>
  spans.map((span) => ({ fromMs: span.fromMs, toMs: Math.min(span.toMs, fromMs) }));

/** Every instant of the schedule that the clock has shown or jumped over while the job was not paused. */
function dueInstants(schedule: Schedule, { spans }: Seen): Set<number> {
  const due = new Set<number>();
  for (const { fromMs, toMs } of spans) {
    let at = nextOccurrence(schedule, new Date(fromMs));
    while (at !== undefined && at.getTime() <= toMs) {
      due.add(at.getTime());
      at = nextOccurrence(schedule, at);
    }
  }
  return due;
}

function check(world: World, seen: Seen): void {
  const { store, db, clock } = world.fixture();
  const now = clock.now();
  const stored = store.jobs.findByName('tidy');
  if (stored?.schedule == null) throw new Error('there is no job');
  const rows = store.occurrences.settled(stored.id, 1_000_000);
  const settled = new Set(rows.map(({ dueAt }) => dueAt.getTime()));
  // Each due one ended, and in one state: the table's key is its instant.
  const due = dueInstants(stored.schedule, seen);
  expect([...due].filter((atMs) => !settled.has(atMs)).map((atMs) => new Date(atMs).toISOString())).toEqual([]);
  // Nothing that the schedule does not say, and nothing missed that is still to come.
  for (const { dueAt, state } of rows) {
    expect(nextOccurrence(stored.schedule, new Date(dueAt.getTime() - 1))).toEqual(dueAt);
    if (dueAt > now) expect(state).not.toBe('missed');
  }
  // Each one that ran has a run of its own, and each run of the schedule an occurrence.
  const ran = rows.filter(({ state }) => state === 'ran');
  expect(new Set(ran.map(({ runId }) => runId)).size).toBe(ran.length);
  for (const { dueAt, runId } of ran) expect(store.runs.get(runId ?? 0)?.dueAt).toEqual(dueAt);
  const runs = db.$client.prepare(`SELECT count(*), count(DISTINCT due_at) FROM runs WHERE trigger = 'schedule'`);
  expect(runs.raw().get()).toEqual([ran.length, ran.length]);
  // The next one is planned: the first that the schedule says and that has not ended.
  let next = nextOccurrence(stored.schedule, now);
  while (next !== undefined && settled.has(next.getTime())) next = nextOccurrence(stored.schedule, next);
  expect(store.occurrences.planned(stored.id)).toEqual(next);
}

async function live(given: { when: string; overlap: string; catchUp: string; within: string }, events: Event[]) {
  const world = await startWorld();
  try {
    const flags = `--overlap ${given.overlap} --catch-up ${given.catchUp} --catch-up-within "${given.within}"`;
    await world.fixture().say(`schedule tidy up --name tidy --when "${given.when}" ${flags}`);
    const seen: Seen = { spans: [] };
    let fromMs = world.nowMs();
    for (const what of events) {
      if (what.kind === 'pauses') {
        await happen(world, what);
        fromMs = world.nowMs();
        continue;
      }
      await happen(world, what);
      const toMs = world.nowMs();
      if (what.kind === 'set-back') seen.spans = showAgain(seen.spans, toMs);
      else seen.spans.push({ fromMs, toMs });
      fromMs = Math.max(toMs, beginMs);
      check(world, seen);
    }
    expect(world.fixture().faults).toEqual([]);
  } finally {
    await world.stop();
  }
}

test(
  'over downtimes, steps of the clock, kills and pauses each due occurrence ends once',
  { timeout: 600_000 },
  async () => {
    await fc.assert(fc.asyncProperty(job, fc.array(event, { minLength: 1, maxLength: 8 }), live), {
      numRuns: 200,
      endOnFailure: true,
    });
  },
);
