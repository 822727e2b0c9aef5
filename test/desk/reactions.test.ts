import { afterEach, beforeEach, expect, test } from 'vitest';

import { controlsIn } from '../../src/model/message.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
  await fixture.say('schedule tidy up --name tidy --retries 0 --accept "$ npm test"', 'web:ben');
  await fixture.say('run tidy', 'web:ben');
});
afterEach(() => fixture.stop());

const failing = { checksAfter: [fakeCheck('npm test', 1, 'boom\n')] };

test('🛑 cancels the run after five seconds', async () => {
  await fixture.react(1, '🛑', 'web:ben');
  fixture.clock.advance(4_999);
  expect(runner.cancelled).toEqual([]);
  fixture.clock.advance(1);
  expect(runner.cancelled).toEqual(['r1-1']);
  runner.report({ isCancelled: true });
  expect(fixture.store.runs.get(1)?.status).toBe('cancelled');
  expect(await fixture.told()).toMatch(/🛑 tidy r1 cancelled by @ben after \d+ s[^]*🛑 @ben cancels this run\./);
});

test('a reaction that the store does not take for a moment is due again, and the bell hears of it', async () => {
  runner.report(failing);
  await fixture.react(1, '🔁', 'web:ben');
  await fixture.desk.delivered();
  fixture.db.$client.exec(
    `CREATE TEMP TRIGGER full BEFORE DELETE ON main.reactions BEGIN SELECT raise(ABORT, 'disk full'); END`,
  );
  expect(() => fixture.clock.advance(5_000)).toThrow('1 steps failed');
  fixture.db.$client.exec('DROP TRIGGER full');
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1']);
  fixture.clock.advance(10_000);
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1', 'r2-1']);
});

test('a reaction that is taken back in time does nothing', async () => {
  await fixture.react(1, '🛑', 'web:ben');
  fixture.clock.advance(4_000);
  await fixture.react(1, '🛑', 'web:ben', 'removed');
  fixture.clock.advance(60_000);
  expect(runner.cancelled).toEqual([]);
  expect(fixture.store.runs.get(1)?.cancelledBy).toBeNull();
});

test('🔁 on a failed run makes a new run that is told what failed, from its branch', async () => {
  runner.report(failing);
  await fixture.react(1, '🔁', 'web:ben');
  fixture.clock.advance(5_000);
  const request = runner.started.at(-1);
  expect(request).toMatchObject({
    attemptId: 'r2-1',
    startFrom: 'nightdesk/job/r1',
    earlier: {
      label: 'attempt 1 of r1',
      cause: '`npm test` exits 1',
      failedChecks: [{ command: 'npm test', exitCode: 1, output: 'boom\n' }],
    },
  });
  const told = await fixture.told();
  expect(told).toContain('    🔁 @ben retries it: r2.');
  expect(told).toContain('    Retry of r1, asked for by @ben.');
});

test('🔁 on a run that succeeded starts from the base, with nothing to be told', async () => {
  runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
  await fixture.react(1, '🔁', 'web:ben');
  fixture.clock.advance(5_000);
  expect(runner.started.at(-1)?.attemptId).toBe('r2-1');
  expect(runner.started.at(-1)?.startFrom).toBeUndefined();
  expect(runner.started.at(-1)?.earlier).toBeUndefined();
});

test('of two people who retry at once the second is told of the first', async () => {
  runner.report(failing);
  await fixture.react(1, '🔁', 'web:ada');
  await fixture.react(1, '🔁', 'web:ben');
  fixture.clock.advance(5_000);
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1', 'r2-1']);
  expect(await fixture.told()).toContain('    @ben: `r2` retries `r1` already, asked for by @ada.');
});

test('cancel beats retry', async () => {
  await fixture.react(1, '🔁', 'web:ben');
  await fixture.react(1, '🛑', 'web:ben');
  fixture.clock.advance(5_000);
  expect(runner.cancelled).toEqual(['r1-1']);
  runner.report({ isCancelled: true });
  expect(runner.started).toHaveLength(1);
});

test('a reaction of a person without the right is refused in the thread', async () => {
  await fixture.react(1, '🛑', 'web:eve');
  await fixture.react(1, '🛑', 'web:nobody');
  fixture.clock.advance(5_000);
  expect(runner.cancelled).toEqual([]);
  const told = await fixture.told();
  expect(told).toContain('@eve may not cancel this run: it takes a maintainer of `api`. Their id here is `web:eve`;');
  expect(told).not.toContain('nobody');
});

test('the message offers what can act: 🛑 while the run lives, then 🔁, then nothing when the job is deleted', async () => {
  await fixture.settle();
  expect(controlsIn(fixture.runMessage(1).message)).toEqual(['cancel']);
  runner.report(failing);
  await fixture.settle();
  expect(controlsIn(fixture.runMessage(1).message)).toEqual(['retry']);
  await fixture.say('delete tidy', 'web:ben');
  await fixture.settle();
  expect(controlsIn(fixture.runMessage(1).message)).toEqual([]);
});

test('a run that is cancelled while its attempt fails by itself has no next attempt', async () => {
  await fixture.say('schedule other --name other --accept "$ npm test"');
  await fixture.say('run other');
  await fixture.say('cancel other');
  runner.report({ attemptId: 'r2-1', ...failing });
  expect(fixture.store.runs.get(2)?.status).toBe('cancelled');
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1', 'r2-1']);
});

test('a queued run is cancelled at once', async () => {
  for (const name of ['two', 'three']) {
    await fixture.say(`schedule do ${name} --name ${name}`);
    await fixture.say(`run ${name}`);
  }
  expect(await fixture.say('cancel r3')).toBe('🛑 three r3 is being cancelled.');
  expect(fixture.store.runs.get(3)?.status).toBe('cancelled');
  expect(await fixture.told()).toContain('🛑 three r3 cancelled by @ada before it started');
});

test('cancel beats retry on a run that only waits', async () => {
  runner.report(failing);
  for (const name of ['two', 'three']) {
    await fixture.say(`schedule do ${name} --name ${name}`);
    await fixture.say(`run ${name}`);
  }
  await fixture.say('retry r1');
  await fixture.settle();
  await fixture.react(4, '🔁', 'web:ada');
  await fixture.react(4, '🛑', 'web:ada');
  fixture.clock.advance(5_000);
  expect(fixture.store.runs.get(4)?.status).toBe('cancelled');
  expect(fixture.store.runs.get(5)).toBeUndefined();
});

test('a 🛑 stops a 🔁 that has not acted yet', async () => {
  runner.report(failing);
  await fixture.settle();
  await fixture.react(1, '🔁', 'web:ben');
  await fixture.react(1, '🛑', 'web:ben');
  fixture.clock.advance(5_000);
  expect(fixture.store.runs.get(2)).toBeUndefined();
});

test('a run that is being retried offers no 🔁 until the retry has ended', async () => {
  runner.report(failing);
  await fixture.say('retry r1', 'web:ben');
  await fixture.settle();
  expect(controlsIn(fixture.runMessage(1).message)).toEqual([]);
  runner.report({ attemptId: 'r2-1', ...failing });
  await fixture.settle();
  expect(controlsIn(fixture.runMessage(1).message)).toEqual(['retry']);
});

test('the owner of a job may cancel the run that somebody else started', async () => {
  runner.report(failing);
  await fixture.say('run tidy', 'web:ada');
  expect(await fixture.say('cancel tidy', 'web:ben')).toContain('is being cancelled');
});
