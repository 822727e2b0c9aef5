import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Check } from '../../src/model/check.ts';
import type { Project } from '../../src/model/project.ts';
import { makeRunnerPlace, until, untilExists, type RunnerPlace } from '../support/runner-place.ts';
import { bash, say, type Script } from '../support/script.ts';
import { git, giveOrigin, makeRepository, pushFromElsewhere } from '../support/temp-repository.ts';

const branch = 'nightdesk/tidy/r142';
const passes: Check = { kind: 'command', command: 'cat done.txt' };
const fails: Check = { kind: 'command', command: 'cat missing.txt' };
const work = [bash('echo finished > done.txt'), say('Done.')];

interface Place extends RunnerPlace {
  origin: string;
}

async function placeWithOrigin(script: Script = [work]): Promise<Place> {
  const at = await makeRunnerPlace(script);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  return { ...at, origin: giveOrigin(at.project, join(at.folder, 'origin.git')) };
}

function hook(origin: string, name: string, script: string): void {
  const path = join(origin, 'hooks', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const branchesOf = (origin: string): string => git(origin, 'branch', '--format=%(refname:short)', '--list', 'night*');
const runOne = (at: RunnerPlace, project: Partial<Project>, checks: Check[] = [passes]) =>
  at.live().run(at.request({ project, checks }));

test('a run that succeeded has its branch pushed to the remote of its base', async () => {
  const at = await placeWithOrigin();
  const life = at.live();
  const report = await life.run(at.request({ project: { push: 'success' }, checks: [passes] }));
  expect(report.push).toEqual({ kind: 'pushed', remote: 'origin', webUrl: null });
  expect(git(at.origin, 'rev-parse', branch)).toBe(git(at.project, 'rev-parse', branch));
  expect(git(at.origin, 'show', `${branch}:done.txt`)).toBe('finished');
  expect(life.progress.at(-1)).toMatchObject({ step: 'push', detail: branch });
  expect(life.faults).toEqual([]);
});

test.each([
  ['a project that says nothing pushes nothing', {}, [passes]],
  ['never is never', { push: 'never' }, [passes]],
  ['a failed check keeps the branch at home', { push: 'success' }, [fails]],
  ['an unverified result keeps the branch at home', { push: 'success' }, []],
] as const)('%s', async (_title, project, checks) => {
  const at = await placeWithOrigin();
  const report = await runOne(at, project, [...checks]);
  expect(report.push).toBeUndefined();
  expect(branchesOf(at.origin)).toBe('');
});

test('always pushes what failed too, and the next attempt on top of it', async () => {
  const at = await placeWithOrigin([work, [bash('echo more > more.txt'), say('Now.')]]);
  const life = at.live();
  const project = { push: 'always' } as const;
  const first = await life.run(at.request({ project, checks: [fails] }));
  expect(first.push).toMatchObject({ kind: 'pushed' });
  const before = git(at.origin, 'rev-parse', branch);
  await life.run(at.request({ project, checks: [fails], attempt: 2 }));
  expect(git(at.origin, 'rev-parse', `${branch}~1`)).toBe(before);
});

test('where nothing changed there is nothing to push', async () => {
  const at = await placeWithOrigin([[say('All is well.')]]);
  expect((await runOne(at, { push: 'always' }, [])).push).toBeUndefined();
  expect(branchesOf(at.origin)).toBe('');
});

test('a push that a hook of the remote refuses is told with its words, and the result stays', async () => {
  const at = await placeWithOrigin();
  hook(at.origin, 'pre-receive', 'echo "no pushes after midnight" >&2; exit 1');
  const report = await runOne(at, { push: 'success' });
  expect(report.push).toEqual({
    kind: 'not-pushed',
    remote: 'origin',
    why: 'pre-receive hook declined: no pushes after midnight',
  });
  expect(report).toMatchObject({ failedStep: null, checksAfter: [{ verdict: 'pass' }], changes: { files: 1 } });
});

test('a remote that is gone when the work is done is told', async () => {
  const at = await placeWithOrigin([
    [
      bash('echo finished > done.txt; touch ../../../worked'),
      bash('while [ ! -e ../../../gone ]; do sleep 0.02; done'),
      say('Done.'),
    ],
  ]);
  const reported = runOne(at, { push: 'success' });
  await untilExists(join(at.folder, 'worked'));
  renameSync(at.origin, `${at.origin}-moved`);
  writeFileSync(join(at.folder, 'gone'), '');
  const report = await reported;
  expect(report.push).toMatchObject({
    kind: 'not-pushed',
    remote: 'origin',
    why: expect.stringMatching(/does not appear to be a git repository/),
  });
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass' }]);
});

test('a branch that moved on the remote is never forced', async () => {
  const at = await placeWithOrigin();
  const theirs = pushFromElsewhere(at.origin, join(at.folder, 'elsewhere'), { 'b.txt': 'theirs\n' });
  git(at.origin, 'branch', branch, theirs);
  const clone = join(at.folder, 'elsewhere');
  git(clone, 'checkout', '--quiet', '-b', branch);
  git(clone, 'commit', '--quiet', '--allow-empty', '--message', 'theirs alone');
  git(clone, 'push', '--quiet', 'origin', branch);
  const before = git(at.origin, 'rev-parse', branch);
  const report = await runOne(at, { push: 'success' });
  expect(report.push).toMatchObject({ kind: 'not-pushed', why: expect.stringMatching(/fetch first|non-fast-forward/) });
  expect(git(at.origin, 'rev-parse', branch)).toBe(before);
});

test('a project without a remote says that there is none', async () => {
  const at = await makeRunnerPlace([work]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const report = await runOne(at, { push: 'success' });
  expect(report.push).toMatchObject({ kind: 'not-pushed', remote: null, why: expect.stringMatching(/no remote/) });
});

test('the remote that the base names is pushed to, though there is an origin', async () => {
  const at = await placeWithOrigin();
  const fork = join(at.folder, 'fork.git');
  git(at.project, 'clone', '--quiet', '--bare', at.project, fork);
  git(at.project, 'remote', 'add', 'fork', fork);
  const report = await runOne(at, { push: 'success', base: 'fork/main' });
  expect(report.push).toMatchObject({ kind: 'pushed', remote: 'fork' });
  expect([branchesOf(at.origin), branchesOf(fork)]).toEqual(['', branch]);
});

test('a copied file that Claude committed keeps the branch at home, though a later commit took it out', async () => {
  const commits = 'git add -f .env done.txt && git commit -qm in && git rm -q --cached .env && git commit -qm out';
  const at = await placeWithOrigin([[bash(`echo finished > done.txt && ${commits}`), say('Done.')]]);
  writeFileSync(join(at.project, '.env'), 'PORT=3000\n');
  const report = await runOne(at, { push: 'always', copy: ['.env'] });
  expect(report.push).toMatchObject({ kind: 'not-pushed', why: expect.stringContaining('`.env` was committed') });
  expect(branchesOf(at.origin)).toBe('');
});

test('a branch that has not what Claude did stays at home', async () => {
  const elsewhere = 'git commit -q --allow-empty -m own && git checkout -q -b feature main && echo finished > done.txt';
  const at = await placeWithOrigin([[bash(elsewhere), say('Done.')]]);
  const report = await runOne(at, { push: 'success' });
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass' }]);
  expect(report.push).toEqual({ kind: 'not-pushed', remote: 'origin', why: "Claude's work is not on it" });
  expect(report.remarks).toEqual([`Claude left the worktree on the branch feature, and its work is not on ${branch}`]);
  expect(branchesOf(at.origin)).toBe('');
});

test('the pushed branch has its page where the remote is a known site', async () => {
  const at = await placeWithOrigin();
  git(at.project, 'remote', 'set-url', 'origin', 'https://ada:hunter2-hunter2@github.com/ada/engine.git');
  git(at.project, 'config', `url.${at.origin}.insteadOf`, 'https://ada:hunter2-hunter2@github.com/ada/engine.git');
  const report = await runOne(at, { push: 'success' });
  expect(report.push).toMatchObject({ kind: 'pushed', webUrl: `https://github.com/ada/engine/tree/${branch}` });
});

test('a push that hangs is given up at its time limit, and the result stays', async () => {
  const at = await placeWithOrigin();
  hook(at.origin, 'pre-receive', 'sleep 60');
  const life = at.live({ limits: { pushTimeoutMs: 1_000 } });
  const report = await life.run(at.request({ project: { push: 'success' }, checks: [passes] }));
  expect(report.push).toEqual({ kind: 'not-pushed', remote: 'origin', why: 'gave up after 1 s' });
  expect(report.failedStep).toBeNull();
});

test('a push is cancelled with its attempt', async () => {
  const at = await placeWithOrigin();
  hook(at.origin, 'pre-receive', `touch ${join(at.folder, 'pushing')}; sleep 60`);
  const life = at.live();
  const request = at.request({ project: { push: 'success' }, checks: [passes] });
  life.runner.start(request);
  await untilExists(join(at.folder, 'pushing'));
  life.runner.cancel(request.attemptId);
  const report = await life.reported(request.attemptId);
  expect(report).toMatchObject({ isCancelled: true, failedStep: null });
  expect(report.push).toBeUndefined();
  expect(branchesOf(at.origin)).toBe('');
});

test('a restart in the middle of a push does it again, and nothing else', async () => {
  const at = await placeWithOrigin();
  const pushing = join(at.folder, 'pushing');
  hook(at.origin, 'pre-receive', `touch ${pushing}; while [ ! -e ${join(at.folder, 'let-in')} ]; do sleep 0.02; done`);
  const request = at.request({ project: { push: 'success' }, checks: [passes] });
  const before = at.live();
  before.runner.start(request);
  await untilExists(pushing);
  await before.runner.stop();
  expect(before.reports).toEqual([]);
  const turns = at.model.turns().length;

  rmSync(pushing);
  const after = at.live();
  after.runner.start(request);
  await until(() => existsSync(pushing));
  writeFileSync(join(at.folder, 'let-in'), '');
  expect((await after.reported(request.attemptId)).push).toMatchObject({ kind: 'pushed' });
  expect(git(at.origin, 'rev-parse', branch)).toBe(git(at.project, 'rev-parse', branch));
  expect(at.model.turns().length).toBe(turns);
});
