import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { controlsIn } from '../../src/model/message.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
  await fixture.say('schedule tidy up --name tidy');
  await fixture.say('run tidy');
});
afterEach(async () => {
  vi.useRealTimers();
  await fixture.stop();
});

const say = (detail: string) => runner.progress({ attemptId: 'r1-1', step: 'claude', detail, toolCalls: 1 });
const shown = async (): Promise<string> => JSON.stringify((await fixture.settle(), fixture.runMessage(1).message));

test('a flood of progress is written now and then, the newest word first', async () => {
  say('one');
  const revision = fixture.store.outbox.view('run:1')?.revision ?? 0;
  for (let index = 0; index < 500; index += 1) say(`step ${index}`);
  vi.advanceTimersByTime(2_000);
  expect(await shown()).toContain('step 499');
  expect(fixture.store.outbox.view('run:1')?.revision).toBe(revision + 1);
});

test('the time of a quiet run goes on being told', async () => {
  say('npm test');
  fixture.clock.advance(3_600_000);
  vi.advanceTimersByTime(60_000);
  expect(await shown()).toMatch(/"1 h".*npm test/);
});

test('a run that is being cancelled says so, and offers nothing more to cancel', async () => {
  say('npm test');
  await fixture.say('cancel tidy');
  expect(await shown()).toContain('is being cancelled');
  expect(controlsIn(fixture.runMessage(1).message)).toEqual([]);
});
