import { afterEach, beforeEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, fakeClaude, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
});
afterEach(() => fixture.stop());

const failing = { checksAfter: [fakeCheck('npm test', 1, 'Tests 1 failed\n')] };
const passing = { checksAfter: [fakeCheck('npm test', 0)] };
const limited = (resetsAtMs: number) => ({
  claude: fakeClaude({
    limitResetsAtMs: resetsAtMs,
    result: { subtype: 'success', isError: true, apiErrorStatus: 429, terminalReason: null, text: 'limit' },
  }),
});

async function run(flags = ''): Promise<void> {
  await fixture.say(`schedule tidy up --name tidy --accept "$ npm test" ${flags}`);
  await fixture.say('run tidy');
}

test('a budget is for the whole run: each attempt gets what is left, and no attempt starts with nothing', async () => {
  await run('--budget 1.2 --retries 5');
  expect(runner.started.map((request) => request.budgetUsd)).toEqual([1.2]);
  runner.report({ ...failing, claude: fakeClaude({ costUsd: 0.5 }) });
  expect(runner.started[1]?.budgetUsd).toBeCloseTo(0.7);
  runner.report({ ...failing, claude: fakeClaude({ costUsd: 0.7 }) });
  expect(runner.started).toHaveLength(2);
  expect(await fixture.told()).toContain(
    '❌ tidy r1 failed after 2 attempts: `npm test` exits 1; the budget of $1.20 is used up',
  );
});

test('the next attempt is told the cause, the output of the failed check, and the last words', async () => {
  await run();
  runner.report({ ...failing, claude: fakeClaude({ lastWords: 'I think it works.' }) });
  expect(runner.started[1]?.earlier).toEqual({
    label: 'attempt 1',
    cause: '`npm test` exits 1',
    failedChecks: [{ command: 'npm test', exitCode: 1, output: 'Tests 1 failed\n' }],
    lastWords: 'I think it works.',
    lastError: undefined,
  });
});

test('each launch has a session id of its own', async () => {
  await run();
  runner.report(failing);
  const ids = runner.started.map((request) => request.sessionId);
  expect(new Set(ids).size).toBe(2);
});

test('a run that waits for a limit gives its place to others, and goes on after a restart', async () => {
  await run('--retries 0');
  runner.report(limited(Date.parse('2026-11-23T10:00:00Z')));
  expect(fixture.store.runs.get(1)?.status).toBe('deferred');
  const { directory } = fixture;
  await fixture.stop({ keep: true });
  runner = createFakeRunner();
  fixture = await startDesk({ runner, directory });
  expect(runner.started).toEqual([]);
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-2']);
  runner.report(passing);
  expect(fixture.store.runs.get(1)).toMatchObject({ status: 'succeeded', attemptsUsed: 1 });
});

test('a deferred run is cancelled at once', async () => {
  await run();
  runner.report(limited(Date.parse('2026-11-23T10:00:00Z')));
  await fixture.say('cancel tidy');
  expect(fixture.store.runs.get(1)?.status).toBe('cancelled');
  fixture.clock.moveTo(new Date('2026-11-23T11:00:00Z'));
  expect(runner.started).toHaveLength(1);
});

test.each([
  ['', true, true],
  ['', false, false],
  ['--notify always', false, true],
  ['--notify never', true, false],
])('with %j, a run that fails: %s, mentions the owner: %s', async (flags, isFailure, isMentioned) => {
  await run(`--retries 0 ${flags}`);
  runner.report(isFailure ? failing : passing);
  await fixture.settle();
  expect((await fixture.told()).includes('    @ada ')).toBe(isMentioned);
});

test('where a run was in place and its processes are not proven gone, no attempt follows', async () => {
  await run();
  const workspace = { kind: 'in-place', path: '/projects/api', branch: null, baseCommit: null } as const;
  runner.report({ ...failing, workspace, treeProven: false });
  expect(runner.started).toHaveLength(1);
  expect(await fixture.told()).toContain(
    '❌ tidy r1 failed: `npm test` exits 1; its processes are not proven gone, so no attempt follows in this folder',
  );
});

test('the newest progress is what the status message shows', async () => {
  await run();
  runner.progress({ attemptId: 'r1-1', step: 'claude', detail: 'npm ci', toolCalls: 3 });
  expect(await fixture.told()).toContain('⏳ tidy r1 · attempt 1 · 0 s · running `npm ci` · 3 tool calls');
});

test('an attempt that a limit put off is passed over: the next one is told what failed before it', async () => {
  await run('--retries 3');
  runner.report(failing);
  runner.report(limited(Date.parse('2026-11-23T10:00:00Z')));
  fixture.clock.moveTo(new Date('2026-11-23T10:00:00Z'));
  expect(runner.started.at(-1)).toMatchObject({ attemptId: 'r1-3', earlier: { cause: '`npm test` exits 1' } });
  runner.report(passing);
  const told = await fixture.told();
  expect(told).toContain('✅ tidy r1 succeeded on attempt 2');
  expect(told).toContain('    put off: the Claude usage limit is reached');
});

test('a retry of a retry that never began goes on from the run that did work', async () => {
  await run('--retries 0');
  runner.report(failing);
  for (const name of ['two', 'three']) {
    await fixture.say(`schedule do ${name} --name ${name}`);
    await fixture.say(`run ${name}`);
  }
  await fixture.say('retry r1');
  await fixture.say('cancel r4');
  await fixture.say('retry r4');
  runner.report({ attemptId: 'r2-1' });
  expect(runner.started.at(-1)).toMatchObject({
    attemptId: 'r5-1',
    startFrom: 'nightdesk/job/r1',
    earlier: { label: 'attempt 1 of r1' },
  });
});

test.each([
  [0.5, 'at least $0.50'],
  [0.0042, 'at least $0.004'],
])('an attempt whose cost is not known makes the cost a lower bound: %s', async (costUsd, told) => {
  await run();
  runner.report({ ...failing, claude: fakeClaude({ costUsd: null }) });
  runner.report({ ...passing, claude: fakeClaude({ costUsd }) });
  expect(await fixture.told()).toContain(`✅ tidy r1 succeeded on attempt 2 · 0 s · ${told}`);
});
