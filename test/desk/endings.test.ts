import { afterEach, beforeEach, expect, test } from 'vitest';

import type { AttemptReport, CommandEnd } from '../../src/model/attempt.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeClaude, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
  await fixture.say('schedule do it --name it --accept "$ npm test" --retries 0');
  await fixture.say('run it');
});
afterEach(() => fixture.stop());

const ended = (end: CommandEnd) =>
  fakeClaude({ outcome: { ...fakeClaude().outcome, end, exitCode: null }, result: null, costUsd: null });

test.each<[string, Partial<AttemptReport>, string, string]>([
  [
    'a lost run of which nothing is left',
    { claude: ended('lost'), changes: null },
    '⚠️ it r1 is lost: its supervisor is gone',
    'Nothing of it is running. 🔁 runs it again.',
  ],
  [
    'a lost run of which something may be left',
    { claude: ended('lost'), treeProven: false },
    '⚠️ it r1 is lost: its supervisor is gone',
    'Something of it may still be running on the host. The work so far is on its branch. 🔁 tries again from there, with what failed.',
  ],
  [
    'a Claude Code that is not there',
    { claude: ended('could-not-start'), changes: null },
    '❌ it r1 failed: Claude Code could not be started',
    '`claude.command` in nightdesk.yaml says how Claude Code is started. 🔁 runs it again.',
  ],
])('%s says what to do', async (_what, report, headline, advice) => {
  runner.report(report);
  const lines = (await fixture.told()).split('\n');
  expect(lines.some((line) => line.startsWith(headline))).toBe(true);
  expect(lines).toContain(advice);
});

test('an API that stays overloaded is tried again with growing pauses, and fails the run in the end', async () => {
  const result = { subtype: 'success', isError: true, apiErrorStatus: 529, terminalReason: 'api_error' };
  const pauses: number[] = [];
  for (let tries = 1; tries <= 7; tries += 1) {
    runner.report({ changes: null, claude: fakeClaude({ result: { ...result, text: 'API Error: 529 Overloaded.' } }) });
    const until = fixture.store.runs.get(1)?.deferredUntil;
    if (until == null) break;
    pauses.push((until.getTime() - fixture.clock.now().getTime()) / 60_000);
    fixture.clock.moveTo(until);
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32]);
  const told = await fixture.told();
  expect(told).toContain('❌ it r1 failed: the Claude API is overloaded');
  expect(told).toContain('It was put off 6 times, for longer each time. 🔁 runs it again.');
});
