import { afterEach, expect, test } from 'vitest';

import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck } from '../support/fake-runner.ts';

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
