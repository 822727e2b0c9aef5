import { afterEach, beforeEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
});
afterEach(() => fixture.stop());

const started = (): string[] => runner.started.map((request) => request.attemptId);
const settled = () => fixture.store.occurrences.settled(1, 1_000_000).reverse();
const states = (): string[] => settled().map(({ dueAt, state }) => `${dueAt.toISOString().slice(5, 16)} ${state}`);
const counts = (): Record<string, number> =>
  Object.fromEntries(
    Map.groupBy(settled(), ({ state }) => state)
      .entries()
      .map(([state, all]) => [state, all.length]),
  );
const at = (instant: string): void => fixture.clock.moveTo(new Date(`2026-${instant}Z`));
const schedule = (when: string, flags = ''): Promise<string> =>
  fixture.say(`schedule tidy up --when "${when}" --name tidy ${flags}`);
/** Rings until nothing more is due, as the alarms would that each piece writes. */
function ringOut(): number {
  for (let rings = 1; ; rings += 1) {
    if (fixture.store.occurrences.due(fixture.clock.now(), 1).length === 0) return rings;
    fixture.clock.advance(0);
  }
}

test('skip runs nothing that is late, and tells what was missed in one message with the slots', async () => {
  await schedule('every day at 9am', '--catch-up skip');
  at('11-25T10:30');
  expect(started()).toEqual([]);
  expect(states()).toEqual(['11-23T09:00 missed', '11-24T09:00 missed', '11-25T09:00 missed']);
  expect((await fixture.told()).match(/⏭️.*/gu)).toEqual([
    '⏭️ tidy missed 3 occurrences: Mon 23 Nov 2026, 09:00 UTC · Tue 24 Nov 2026, 09:00 UTC · Wed 25 Nov 2026, 09:00 UTC: ' +
      'nightdesk was not running. Next: Thu 26 Nov 2026, 09:00 UTC.',
  ]);
  at('11-26T09:00');
  expect(started()).toEqual(['r1-1']);
});

test('latest runs none that is later than its window', async () => {
  await schedule('every day at 9am', '--catch-up-within 2h');
  at('11-23T11:00:00.001');
  expect(states()).toEqual(['11-23T09:00 missed']);
  expect(await fixture.told()).toContain('⏭️ tidy missed Mon 23 Nov 2026, 09:00 UTC: nightdesk was not running.');
  at('11-24T11:00');
  expect(states()).toEqual(['11-23T09:00 missed', '11-24T09:00 ran']);
});

test('without a word, twelve hours late is the latest that is caught up', async () => {
  await schedule('every day at 9am');
  at('11-23T21:00:00.001');
  at('11-24T21:00');
  expect(states()).toEqual(['11-23T09:00 missed', '11-24T09:00 ran']);
});

test('all runs each that is within the window, oldest first and one after the other', async () => {
  await schedule('hourly', '--catch-up all --catch-up-within 3h');
  at('11-23T14:30');
  expect(states()).toEqual([
    '11-23T09:00 missed',
    '11-23T10:00 missed',
    '11-23T11:00 missed',
    '11-23T12:00 ran',
    '11-23T13:00 ran',
    '11-23T14:00 ran',
  ]);
  expect(started()).toEqual(['r1-1']);
  runner.report();
  expect(started()).toEqual(['r1-1', 'r2-1']);
  runner.report();
  expect(started()).toEqual(['r1-1', 'r2-1', 'r3-1']);
  expect(fixture.store.runs.get(2)?.dueAt).toEqual(new Date('2026-11-23T13:00:00Z'));
  expect(await fixture.told()).toMatch(
    /⏭️ tidy was due 3 times while nightdesk was not running; the runs are in the queue, one after the other: .*12:00 UTC · .*13:00 UTC · .*14:00 UTC\. It missed 3 occurrences: .*09:00 UTC · .*10:00 UTC · .*11:00 UTC\./,
  );
});

test('all runs ten at most, also over several downtimes, and one that is due just now is the last of them', async () => {
  await schedule('hourly', '--catch-up all --overlap allow');
  at('11-23T21:00');
  expect(counts()).toEqual({ missed: 3, ran: 10 });
  expect(states().at(-1)).toBe('11-23T21:00 ran');
  expect(started()).toEqual(['r1-1']);
  runner.report();
  runner.report();
  // r3 works, and seven wait.
  at('11-24T03:30');
  expect(counts()).toEqual({ missed: 6, ran: 13 });
});

test('a run that outlived the downtime meets the overlap rule, and what was missed is told beside', async () => {
  await schedule('hourly');
  at('11-23T09:00');
  at('11-23T12:30');
  expect(states()).toEqual(['11-23T09:00 ran', '11-23T10:00 missed', '11-23T11:00 missed', '11-23T12:00 skipped']);
  const told = await fixture.told();
  expect(told).toMatch(/⏭️ tidy missed 2 occurrences: .*10:00 UTC · .*11:00 UTC: nightdesk was not running/);
  expect(told).toMatch(/⏭️ tidy skipped .*12:00 UTC: r1 was still running/);
});

test('with all, what is late waits for the run that goes on', async () => {
  await schedule('hourly', '--catch-up all');
  at('11-23T09:00');
  at('11-23T11:30');
  expect(states()).toEqual(['11-23T09:00 ran', '11-23T10:00 ran', '11-23T11:00 ran']);
  expect(started()).toEqual(['r1-1']);
});

test('misses without a run between them are one message', async () => {
  await schedule('every day at 9am', '--catch-up skip');
  at('11-23T10:30');
  await fixture.settle();
  at('11-24T10:30');
  expect((await fixture.told()).match(/⏭️.*/gu)).toEqual([expect.stringMatching(/missed 2 occurrences: Mon.* · Tue/)]);
});

test('a month of downtime on a minute schedule is settled in pieces and told in one line', async () => {
  await schedule('* * * * *');
  at('12-23T08:00');
  const piece = fixture.store.occurrences.settled(1, 1_000_000).length;
  expect(piece).toBe(5_000);
  expect(ringOut()).toBeGreaterThan(5);
  expect(counts()).toEqual({ missed: 30 * 24 * 60 - 1, ran: 1 });
  expect(started()).toEqual(['r1-1']);
  expect((await fixture.told()).match(/⏭️.*/gu)).toEqual([
    expect.stringMatching(
      /⏭️ tidy missed 43,199 occurrences: .*07:58 UTC · Wed 23 Dec 2026, 07:59 UTC, the first Mon 23 Nov 2026, 08:01 UTC: nightdesk was not running\. Next: .*08:01 UTC\.$/,
    ),
  ]);
});

test('a piece that is left rings the bell for itself', async () => {
  await schedule('* * * * *');
  at('11-27T08:00');
  const alarms = fixture.db.$client.prepare('SELECT count(*) FROM agenda_jobs WHERE next_run_at = ?').pluck();
  expect(fixture.store.occurrences.due(fixture.clock.now(), 1)).toHaveLength(1);
  expect(alarms.get(fixture.clock.now().getTime())).toBe(1);
});

test('nightdesk that is killed between two pieces goes on where it was', async () => {
  await schedule('* * * * *');
  at('11-30T08:00');
  const before = settled();
  await fixture.stop({ keep: true });
  fixture = await startDesk({ runner, directory: fixture.directory, start: new Date('2026-11-30T08:00:30Z') });
  ringOut();
  expect(counts()).toEqual({ missed: 7 * 24 * 60 - 1, ran: 1 });
  expect(settled().slice(0, before.length)).toEqual(before);
  expect((await fixture.told()).match(/⏭️/gu)).toHaveLength(1);
});

test('many jobs that fell due together share what is settled at once', async () => {
  for (let number = 1; number <= 103; number += 1) {
    await fixture.say(`schedule look around --when hourly --name job-${number} --catch-up skip`);
  }
  at('11-23T12:30');
  expect(fixture.store.occurrences.due(fixture.clock.now(), 1_000)).toHaveLength(3);
  expect(ringOut()).toBe(2);
  expect(fixture.store.occurrences.settled(103, 10)).toHaveLength(4);
});

test('of years that were missed in a row the middle is one row that says so', async () => {
  await schedule('* * * * *');
  fixture.clock.moveTo(new Date('2030-11-23T08:00:00Z'));
  ringOut();
  expect(counts()).toEqual({ missed: 50_000 + 1 + 7 * 24 * 60 - 1, ran: 1 });
  const standing = settled().filter(({ reason }) => reason?.includes('stands for all'));
  expect(standing.map(({ reason }) => reason)).toEqual([
    'nightdesk was not running; this one stands for all until 2030-11-16T08:00:00.000Z',
  ]);
});

test.each([
  ['pause tidy', '⏸️'],
  ['edit tidy --when "every day at 3pm"', 'edited'],
])('what fell due a moment before `%s` is settled by what held then', async (command, answer) => {
  await schedule('hourly');
  fixture.clock.setTo(new Date('2026-11-23T09:00:00.005Z'));
  expect(await fixture.say(command)).toContain(answer);
  expect(states()).toEqual(['11-23T09:00 ran']);
  expect(started()).toEqual(['r1-1']);
});

test.each([
  ['pause tidy', '⏸️'],
  ['pause all', '⏸️'],
  ['pause tidy until 18:00', '⏸️'],
  ['edit tidy --when "every day at 3pm"', 'edited'],
])(
  'what fell due after a pause had ended, a moment before `%s`, is settled by what held then',
  async (command, answer) => {
    await schedule('hourly');
    await fixture.say('pause tidy until 10:30');
    fixture.clock.setTo(new Date('2026-11-23T11:00:00.005Z'));
    expect(await fixture.say(command)).toContain(answer);
    expect(states()).toEqual(['11-23T11:00 ran']);
    expect(started()).toEqual(['r1-1']);
    fixture.clock.moveTo(new Date('2026-11-23T15:00:00Z'));
    expect(states().slice(1)).toEqual(command.startsWith('edit') ? ['11-23T15:00 skipped'] : []);
  },
);

test('a job with another time stays paused while its pause lasts', async () => {
  await schedule('hourly');
  await fixture.say('pause tidy until 10:30');
  fixture.clock.setTo(new Date('2026-11-23T10:00:00Z'));
  expect(await fixture.say('edit tidy --when "every day at 10:15"')).toContain('edited');
  at('11-23T10:30');
  expect(states()).toEqual([]);
  at('11-24T10:15');
  expect(states()).toEqual(['11-24T10:15 ran']);
});
