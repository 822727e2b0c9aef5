import { afterEach, expect, test } from 'vitest';

import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, fakeClaude } from '../support/fake-runner.ts';

let fixture: DeskFixture;
afterEach(() => fixture.stop());

test('runs start oldest first, as far as the host has places, and the others say why they wait', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner });
  for (const name of ['one', 'two', 'three', 'four']) {
    await fixture.say(`schedule do ${name} --name ${name}`);
    await fixture.say(`run ${name}`);
  }
  expect(runner.started.map((request) => request.jobName)).toEqual(['one', 'two']);
  expect(await fixture.told()).toContain('🕔 three r3 waits: r1, r2 are at work, and this host runs 2 at once');
  runner.report({ attemptId: 'r2-1' });
  expect(runner.started.map((request) => request.jobName)).toEqual(['one', 'two', 'three']);
  runner.report({ attemptId: 'r1-1' });
  runner.report({ attemptId: 'r3-1' });
  expect(runner.started.map((request) => request.jobName)).toEqual(['one', 'two', 'three', 'four']);
});

test('a project that is worked on in place has one run at a time', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({
    runner,
    projects: [testProject({ workspace: 'in-place' }), testProject({ name: 'docs' })],
  });
  for (const [name, project] of [
    ['one', 'api'],
    ['two', 'api'],
    ['three', 'docs'],
  ]) {
    await fixture.say(`schedule do ${name} --name ${name} --project ${project}`);
    await fixture.say(`run ${name}`);
  }
  expect(runner.started.map((request) => request.jobName)).toEqual(['one', 'three']);
  expect(await fixture.told()).toContain('🕔 two r2 waits: `api` is worked on in place by r1; one run at a time');
});

test('a queued run of a project that the configuration lost fails and says so', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner, settings: { concurrency: 1 } });
  await fixture.say('schedule do one --name one');
  await fixture.say('run one');
  await fixture.say('schedule do two --name two');
  await fixture.say('run two');
  const { directory } = fixture;
  await fixture.stop({ keep: true });
  fixture = await startDesk({ runner, directory, projects: [testProject({ name: 'docs' })] });
  expect(await fixture.told()).toContain('❌ two r2 failed: the configuration has no project `api` any more');
});

test('a restarted desk hands running attempts to the runner once more and settles them once', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner });
  await fixture.say('schedule do one --name one --accept "$ npm test"');
  await fixture.say('run one');
  const { directory } = fixture;
  await fixture.stop({ keep: true });
  const second = createFakeRunner();
  fixture = await startDesk({ runner: second, directory });
  expect(second.started).toEqual(runner.started);
  second.report({ checksAfter: [fakeCheck('npm test', 0)] });
  second.report({ checksAfter: [fakeCheck('npm test', 1)] });
  expect(fixture.store.runs.get(1)?.status).toBe('succeeded');
  expect((await fixture.told()).match(/r1 succeeded/g)).toHaveLength(1);
});

test('the report of an attempt that is not the current one writes nothing', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner });
  await fixture.say('schedule do one --name one --accept "$ npm test"');
  await fixture.say('run one');
  runner.report({ attemptId: 'r1-1', checksAfter: [fakeCheck('npm test', 1)] });
  expect(runner.started.map((request) => request.attemptId)).toEqual(['r1-1', 'r1-2']);
  runner.report({ attemptId: 'r1-1', checksAfter: [fakeCheck('npm test', 0)] });
  expect(fixture.store.runs.get(1)?.status).toBe('running');
  runner.report({ attemptId: 'r9-1' });
});

test('a folder in which processes may still work is kept free until somebody retries there', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner, projects: [testProject({ workspace: 'in-place' })] });
  await fixture.say('schedule do one --name one');
  await fixture.say('run one');
  await fixture.say('schedule do two --name two');
  await fixture.say('run two');
  const workspace = { kind: 'in-place', path: '/projects/api', branch: null, baseCommit: null } as const;
  runner.report({ workspace, treeProven: false });
  expect(runner.started.map((request) => request.jobName)).toEqual(['one']);
  expect(await fixture.told()).toContain('🕔 two r2 waits: processes of r1 are not proven gone');
  await fixture.say('retry r1');
  expect(runner.started.map((request) => request.jobName)).toEqual(['one', 'one']);
});

const inPlace = { workspace: { kind: 'in-place', path: '/projects/api', branch: null, baseCommit: null } } as const;

test('a folder is kept free for the run that ended last there, though it waited while a later one came and went', async () => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner, projects: [testProject({ workspace: 'in-place' })] });
  for (const name of ['one', 'two', 'three']) {
    await fixture.say(`schedule do ${name} --name ${name} --retries 0`);
    await fixture.say(`run ${name}`);
  }
  const busy = {
    subtype: 'success',
    isError: true,
    apiErrorStatus: 529,
    terminalReason: 'api_error',
    text: 'Overloaded',
  };
  runner.report({ attemptId: 'r1-1', ...inPlace, claude: fakeClaude({ result: busy }) });
  runner.report({ attemptId: 'r2-1', ...inPlace });
  runner.report({ attemptId: 'r3-1', ...inPlace });
  fixture.clock.advance(60_000);
  await fixture.say('run two');
  runner.report({ attemptId: 'r1-2', ...inPlace, treeProven: false });
  expect(runner.started.map(({ attemptId }) => attemptId)).toEqual(['r1-1', 'r2-1', 'r3-1', 'r1-2']);
  expect(await fixture.told()).toContain('🕔 two r4 waits: processes of r1 are not proven gone');
});

test.each([
  ['', '`retry r1` or `run next` goes on when you have looked'],
  ['whose job is deleted, so that nobody can retry it', 'this folder; `run next` goes on when you have looked'],
])('who has looked at what a run left %s starts the one that waits for that', async (deleted, why) => {
  const runner = createFakeRunner();
  fixture = await startDesk({ runner, projects: [testProject({ workspace: 'in-place' })] });
  for (const name of ['one', 'two']) {
    await fixture.say(`schedule do ${name} --name ${name}`);
    await fixture.say(`run ${name}`);
  }
  await fixture.say('edit two --name next');
  runner.report({ attemptId: 'r1-1', ...inPlace, treeProven: false });
  if (deleted !== '') await fixture.say('delete one');
  await fixture.say('schedule do three --name three');
  await fixture.say('run three');
  expect(await fixture.told()).toContain(`🕔 two r2 waits: processes of r1 are not proven gone, and it worked in`);
  expect(await fixture.told()).toContain(why);
  expect(runner.started.map(({ attemptId }) => attemptId)).toEqual(['r1-1']);
  expect(await fixture.say('run next')).toBe('next r2 does not wait any longer for what r1 left.');
  expect(runner.started.map(({ attemptId }) => attemptId)).toEqual(['r1-1', 'r2-1']);
  expect(await fixture.say('run next')).toBe('`r2` of `next` is running. `cancel r2` ends it first.');
  expect(await fixture.told()).toContain('🕔 three r3 waits: `api` is worked on in place by r2; one run at a time');
});
