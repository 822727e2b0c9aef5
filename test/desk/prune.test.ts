import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { runDetail } from '../../src/desk/read-run.ts';
import type { Retention } from '../../src/model/retention.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';
import { usualPolicies } from '../support/usual-policies.ts';
import { git, makeRepository, tempFolder, writeFiles } from '../support/temp-repository.ts';
import { usualRetention } from '../support/usual-retention.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const retention: Retention = { ...usualRetention, size: { bytes: 1e9 } };
const passes = { checksAfter: [fakeCheck('npm test', 0)] };
const fails = { checksAfter: [fakeCheck('npm test', 1)] };

let runner: FakeRunner;
let fixture: DeskFixture;
let data: string;
let project: string;

beforeEach(async () => {
  const folder = tempFolder();
  data = join(folder, 'data');
  mkdirSync(data);
  project = makeRepository(join(folder, 'project'), { 'a.txt': 'one', '.gitignore': 'node_modules\n' });
  runner = createFakeRunner();
  const projects = [testProject({ path: project })];
  const runDefaults = { timeoutMs: 7_200_000, retries: 0, notify: 'failure' as const, ...usualPolicies };
  const settings = { retention, runDefaults };
  fixture = await startDesk({ runner, directory: data, projects, settings });
  // The round of the start.
  await fixture.desk.pruned();
  await fixture.say('schedule mend it --name mend --accept "$ npm test"');
});
afterEach(() => fixture.stop({ keep: true }));

const branchOf = (run: number): string => `nightdesk/mend/r${run}`;
const worktree = (run: number): string => join(data, 'worktrees', `r${run}`);
const log = (run: number): string => join(data, 'runs', `r${run}`, '1', 'attempt-1.log');
const branches = (): string[] =>
  git(project, 'branch', '--list', '--format=%(refname:short)', 'nightdesk/*').split('\n');

/** What the runner leaves of a run: a branch with a commit, its worktree, its log. */
function leave(run: number, { logBytes = 10 } = {}): void {
  git(project, 'worktree', 'add', '--quiet', '-b', branchOf(run), worktree(run));
  writeFiles(worktree(run), { [`work-${run}.txt`]: 'done', 'node_modules/x/index.js': 'x'.repeat(100_000) });
  git(worktree(run), 'add', '--all');
  git(worktree(run), 'commit', '--quiet', '--message', `work of r${run}`);
  mkdirSync(join(data, 'runs', `r${run}`, '1'), { recursive: true });
  writeFileSync(log(run), 'x'.repeat(logBytes));
}

const workspace = (run: number) => ({
  workspace: { kind: 'worktree' as const, path: worktree(run), branch: branchOf(run), baseCommit: 'abc' },
  transcriptPath: log(run),
});

async function ended(run: number, how: object = passes, left = {}): Promise<void> {
  await fixture.say('run mend');
  leave(run, left);
  runner.report({ ...workspace(run), ...how });
  await fixture.settle();
  // An edit that waits for its turn keeps the run from being over.
  fixture.clock.advance(5_000);
  await fixture.settle();
}

/** Moves time on at once, as for a host that slept, and lets what is due be deleted. */
async function days(count: number): Promise<void> {
  fixture.clock.advance(count * dayMs);
  await fixture.desk.pruned();
}

const detail = (id: number) => {
  const { store, settings, clock } = fixture;
  const run = store.runs.get(id);
  if (run === undefined) throw new Error(`no run ${id}`);
  return runDetail(store, run, { person: 'web:ada', settings, now: clock.now() });
};

describe('what an ended run left', () => {
  test('goes when it is old: the worktree, the merged branch, the logs; and its page says so', async () => {
    await ended(1);
    git(project, 'merge', '--quiet', branchOf(1));
    await days(6);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
    await days(1);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([false, true]);
    expect(git(project, 'worktree', 'list', '--porcelain')).not.toContain('/r1');
    expect(branches()).toEqual([branchOf(1)]);
    await days(23);
    expect(branches()).toEqual(['']);
    expect(detail(1).attempts[0]).toMatchObject({ hasLog: true });
    await days(60);
    expect(existsSync(join(data, 'runs', 'r1'))).toBe(false);
    expect(detail(1).attempts[0]).toMatchObject({ hasLog: false, hasPatch: false });
    expect(detail(1).deleted.map(({ text }) => text)).toEqual([
      'its log and all other files of its attempts were deleted 90 days after it ended',
      'its worktree was deleted 7 days after it ended',
      'its branch was deleted, as another branch has its commits, 30 days after it ended',
    ]);
    expect(await fixture.say('log r1')).toContain(
      'mend r1 · succeeded · its log and all other files of its attempts were deleted 90 days after it ended',
    );
    expect(fixture.faults).toEqual([]);
  });

  test('a branch with work that no other branch has stays, for years', async () => {
    await ended(1);
    await days(800);
    expect(branches()).toEqual([branchOf(1)]);
    git(project, 'merge', '--quiet', '--no-ff', '--message', 'merge', branchOf(1));
    await days(7);
    expect(branches()).toEqual(['']);
  });

  test('a worktree with changes that are on no branch stays as long as the logs', async () => {
    await ended(1);
    await ended(2);
    writeFiles(worktree(1), { 'left.txt': 'not committed' });
    git(worktree(2), 'checkout', '--quiet', '--detach');
    git(worktree(2), 'commit', '--quiet', '--allow-empty', '--message', 'on no branch');
    await days(89);
    expect([worktree(1), worktree(2)].map(existsSync)).toEqual([true, true]);
    await days(1);
    expect([worktree(1), worktree(2), log(1)].map(existsSync)).toEqual([false, false, false]);
  });

  test('is kept for ever where the configuration says so', async () => {
    fixture.settings.retention = { ...retention, logsMs: null, worktreesMs: null, branchesMs: null };
    await ended(1);
    git(project, 'merge', '--quiet', branchOf(1));
    await days(400);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
    expect(branches()).toEqual([branchOf(1)]);
  });
});

describe('nothing is deleted', () => {
  test('of a run that works, or waits', async () => {
    await fixture.say('run mend');
    leave(1);
    await days(100);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
    const later = fixture.clock.now().getTime() + 200 * dayMs;
    fixture.store.change((change) =>
      change.runs.update(1, { status: 'deferred', deferredUntil: new Date(later), currentAttemptId: null }),
    );
    await days(100);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
  });

  test('of a run whose result is not delivered', async () => {
    const { post } = fixture.chat;
    fixture.chat.post = async () => {
      throw new Error('it is on fire');
    };
    await ended(1);
    await days(100);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
    fixture.chat.post = post;
    await days(1);
    await fixture.settle();
    await days(1);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([false, false]);
  });

  test('of a run whose result is being delivered, before it has been', async () => {
    const { post } = fixture.chat;
    fixture.chat.post = async () => {
      throw new Error('it is on fire');
    };
    await ended(1);
    await days(6);
    await fixture.settle();
    const { promise: mended, resolve: mend } = Promise.withResolvers<void>();
    fixture.chat.post = async (message) => {
      await mended;
      expect(existsSync(log(1))).toBe(true);
      return post(message);
    };
    fixture.clock.advance(84 * dayMs);
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
    mend();
    await fixture.desk.pruned();
    expect([worktree(1), log(1)].map(existsSync)).toEqual([false, false]);
  });

  test('of a run that a live one retries', async () => {
    await ended(1, fails);
    await fixture.say('retry r1');
    await days(100);
    expect([worktree(1), log(1)].map(existsSync)).toEqual([true, true]);
    leave(2);
    runner.report({ ...workspace(2), ...passes });
    await fixture.settle();
    await days(1);
    expect([worktree(1), log(1), worktree(2), log(2)].map(existsSync)).toEqual([false, false, true, true]);
  });
});

describe('what takes too much', () => {
  test('goes oldest first, worktrees before logs, and nothing of the last day', async () => {
    for (const run of [1, 2, 3]) await ended(run, passes, { logBytes: 300_000 });
    fixture.settings.retention = { ...retention, size: { bytes: 1_100_000 } };
    await days(1);
    expect([1, 2, 3].map((run) => existsSync(worktree(run)))).toEqual([false, false, true]);
    expect([1, 2, 3].map((run) => existsSync(log(run)))).toEqual([true, true, true]);
    fixture.clock.advance(dayMs - 2 * 60 * minuteMs);
    await ended(4, passes, { logBytes: 300_000 });
    fixture.settings.retention = { ...retention, size: { bytes: 700_000 } };
    fixture.clock.advance(2 * 60 * minuteMs);
    await fixture.desk.pruned();
    expect([3, 4].map((run) => existsSync(worktree(run)))).toEqual([false, false]);
    expect([1, 2, 3, 4].map((run) => existsSync(log(run)))).toEqual([false, false, true, true]);
    fixture.settings.retention = { ...retention, size: { bytes: 1 } };
    await days(1);
    expect([3, 4].map((run) => existsSync(log(run)))).toEqual([false, false]);
    expect(branches()).toEqual([1, 2, 3, 4].map(branchOf));
  });

  test('on a full disk the worktrees of all but the last hour go, and what waits starts', async () => {
    await ended(1);
    await days(1);
    fixture.host.freeBytes = 10;
    await fixture.say('run mend');
    expect(runner.started).toHaveLength(1);
    fixture.clock.advance(61 * minuteMs);
    await fixture.desk.pruned();
    expect([worktree(1), log(1)].map(existsSync)).toEqual([false, true]);
    fixture.host.freeBytes = 1e12;
    fixture.clock.advance(5 * minuteMs);
    expect(runner.started).toHaveLength(2);
  });
});

test('rows about what is over go when they are old, those of what is not stay', async () => {
  const { occurrences, runs, outbox, audit } = fixture.store;
  await fixture.say('schedule do it --name often --when "every day at 1am"');
  await ended(1);
  const [first] = audit.list();
  for (let week = 0; week < 4; week += 1) await days(7);
  expect(occurrences.settled(2, 100)).toHaveLength(28);
  expect(outbox.isKnown('run:1:result')).toBe(true);
  await days(160);
  expect(outbox.isKnown('run:1:result')).toBe(false);
  expect(runs.get(1)).toMatchObject({ status: 'succeeded' });
  await days(170);
  expect(audit.list()[0]).toEqual(first);
  const old = fixture.clock.now().getTime() - 180 * dayMs;
  expect(occurrences.settled(2, 1_000).filter(({ dueAt }) => dueAt.getTime() < old)).toEqual([]);
  expect(occurrences.planned(2)?.getTime()).toBeGreaterThan(fixture.clock.now().getTime());
  await days(10);
  expect(audit.list()).not.toContainEqual(first);
});
