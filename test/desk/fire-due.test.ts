import { afterEach, beforeEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
});
afterEach(() => fixture.stop());

const passing = { checksAfter: [fakeCheck('npm test', 0)] };
const states = (jobId = 1): string[] =>
  fixture.store.occurrences.settled(jobId, 10_000).map((each) => `${each.dueAt.toISOString()} ${each.state}`);

test('a job runs when it falls due, and not before', async () => {
  await fixture.say('schedule tidy up --when "every day at 9am" --accept "$ npm test" --name tidy');
  fixture.clock.moveTo(new Date('2026-11-23T08:59:59.999Z'));
  expect(runner.started).toEqual([]);
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1']);
  runner.report(passing);
  fixture.clock.moveTo(new Date('2026-11-24T09:00:00Z'));
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1', 'r2-1']);
});

test('an alarm that rings twice starts one run', async () => {
  await fixture.say('schedule tidy up --when "every day at 9am"');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  expect(runner.started).toHaveLength(1);
});

test('an occurrence that falls due while the last run works is skipped, and told', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  expect(runner.started).toHaveLength(1);
  expect(states()).toEqual(['2026-11-23T10:00:00.000Z skipped', '2026-11-23T09:00:00.000Z ran']);
  expect(await fixture.told()).toContain(
    '⏭️ tidy skipped Mon 23 Nov 2026, 10:00 UTC: r1 was still running. Next: Mon 23 Nov 2026, 11:00 UTC.',
  );
});

test('after downtime the latest missed occurrence runs, and the others are told', async () => {
  await fixture.say('schedule tidy up --when "every day at 9am" --name tidy');
  fixture.clock.moveTo(new Date('2026-11-26T10:30:00Z'));
  expect(runner.started).toHaveLength(1);
  expect(states()).toEqual([
    '2026-11-26T09:00:00.000Z ran',
    '2026-11-25T09:00:00.000Z missed',
    '2026-11-24T09:00:00.000Z missed',
    '2026-11-23T09:00:00.000Z missed',
  ]);
  expect(await fixture.told()).toContain(
    '⏭️ tidy was due Thu 26 Nov 2026, 09:00 UTC while nightdesk was not running; its run is in the queue. It missed 3 occurrences: Mon',
  );
});

test('three days of downtime on a minute schedule fill occurrences and start one run', async () => {
  await fixture.say('schedule tidy up --when "* * * * *" --name tidy');
  fixture.clock.moveTo(new Date('2026-11-26T08:00:00Z'));
  expect(runner.started).toHaveLength(1);
  const counts = Object.groupBy(states(), (each) => each.split(' ')[1] ?? '');
  expect([counts['ran']?.length, counts['missed']?.length]).toEqual([1, 3 * 24 * 60 - 1]);
});

test('a clock that is set back runs no occurrence again', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  runner.report(passing);
  fixture.clock.moveTo(new Date('2026-11-23T08:10:00Z'));
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  expect(runner.started).toHaveLength(1);
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  expect(runner.started).toHaveLength(2);
});

test('a paused job does not run, and goes on when its pause ends', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  await fixture.say('pause tidy until 10:30');
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  expect(runner.started).toEqual([]);
  fixture.clock.moveTo(new Date('2026-11-23T10:30:00Z'));
  expect(runner.started).toEqual([]);
  fixture.clock.moveTo(new Date('2026-11-23T11:00:00Z'));
  expect(runner.started).toHaveLength(1);
});

test('a job paused while running finishes, then stays quiet', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  expect(await fixture.say('pause tidy')).toContain('r1 goes on');
  runner.report(passing);
  expect(fixture.store.runs.get(1)?.status).toBe('succeeded');
  fixture.clock.moveTo(new Date('2026-11-25T10:00:00Z'));
  expect(runner.started).toHaveLength(1);
});

test('a job for now runs at once, and never again', async () => {
  await fixture.say('schedule tidy up --when now --name tidy');
  fixture.clock.advance(0);
  expect(runner.started).toHaveLength(1);
  runner.report(passing);
  fixture.clock.moveTo(new Date('2027-11-25T10:00:00Z'));
  expect(runner.started).toHaveLength(1);
});

test('what fell due after a pause ended, while nightdesk was down, is not lost', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  await fixture.say('pause tidy until 10:30');
  fixture.clock.moveTo(new Date('2026-11-23T13:15:00Z'));
  expect(states()).toEqual([
    '2026-11-23T13:00:00.000Z ran',
    '2026-11-23T12:00:00.000Z missed',
    '2026-11-23T11:00:00.000Z missed',
  ]);
});

test('what fell due after a pause ended is not lost to a command that comes before the bell', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  await fixture.say('pause tidy until 10:30');
  fixture.clock.setTo(new Date('2026-11-23T11:00:00.005Z'));
  expect(await fixture.say('resume tidy')).toContain('is resumed');
  fixture.clock.advance(0);
  expect(states()).toEqual(['2026-11-23T11:00:00.000Z ran']);
});

test('what was missed is told even where the run of the last one is skipped', async () => {
  await fixture.say('schedule tidy up --when hourly --name tidy');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  fixture.clock.moveTo(new Date('2026-11-23T12:00:00Z'));
  expect(await fixture.told()).toMatch(
    /skipped .*12:00 UTC: r1 was still running[^]*missed 2 occurrences: .*10:00 .*11:00/,
  );
});

test('an occurrence that can not be settled for a moment holds up no other, and the bell hears of it', async () => {
  await fixture.say('schedule tidy up --when "every day at 9am" --name one');
  await fixture.say('schedule tidy up --when "every day at 9am" --name two');
  fixture.db.$client.exec(
    `CREATE TEMP TRIGGER full BEFORE INSERT ON main.runs WHEN new.job_id = 1 BEGIN SELECT raise(ABORT, 'disk full'); END`,
  );
  expect(() => fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'))).toThrow('1 steps failed');
  expect(runner.started.map((request) => request.jobName)).toEqual(['two']);
  fixture.db.$client.exec('DROP TRIGGER full');
  fixture.clock.advance(10_000);
  expect(runner.started.map((request) => request.jobName)).toEqual(['two', 'one']);
});

test('a job that can not be settled keeps nightdesk from starting no more than it keeps the others from running', async () => {
  await fixture.say('schedule tidy up --when "every day at 9am" --name one');
  await fixture.say('schedule tidy up --when "every day at 9am" --name two');
  fixture.db.$client.exec(
    `CREATE TRIGGER broken BEFORE INSERT ON runs WHEN new.job_id = 1 BEGIN SELECT raise(ABORT, 'broken'); END`,
  );
  await fixture.stop({ keep: true });
  const start = new Date('2026-11-23T09:00:00Z');
  fixture = await startDesk({ runner, directory: fixture.directory, start });
  fixture.desk.catchUp();
  expect(runner.started.map((request) => request.jobName)).toEqual(['two']);
  expect(await fixture.say('list')).toContain('one');
  const alarms = fixture.db.$client.prepare('SELECT next_run_at FROM agenda_jobs').pluck().all();
  expect(alarms).toContain(start.getTime() + 5_000);
  fixture.db.$client.exec('DROP TRIGGER broken');
  fixture.clock.advance(5_000);
  expect(runner.started.map((request) => request.jobName)).toEqual(['two', 'one']);
});

test('a disk whose free space can not be read keeps nothing from being settled', async () => {
  await fixture.say('schedule tidy up --when "every day at 9am"');
  Object.defineProperty(fixture.host, 'freeBytes', {
    get: () => {
      throw new Error('EIO: i/o error, statfs');
    },
  });
  fixture.clock.moveTo(new Date('2026-11-24T09:00:00Z'));
  expect(states()).toEqual(['2026-11-24T09:00:00.000Z ran', '2026-11-23T09:00:00.000Z missed']);
});

test('a one-shot job that is resumed after its time says so', async () => {
  await fixture.say('schedule tidy up --when "today at 9am" --name tidy');
  await fixture.say('pause tidy');
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  expect(await fixture.say('resume tidy')).toContain('Its time passed while it was paused; `run tidy` starts it.');
});
