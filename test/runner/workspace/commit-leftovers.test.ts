import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createGit } from '../../../src/runner/git.ts';
import { commitLeftovers } from '../../../src/runner/workspace/commit-leftovers.ts';
import { git, makeRepository, tempFolder, writeFiles } from '../../support/temp-repository.ts';

const branch = 'nightdesk/tidy/r1';
const identity = {
  GIT_AUTHOR_NAME: 'nightdesk',
  GIT_AUTHOR_EMAIL: 'nightdesk@localhost',
  GIT_COMMITTER_NAME: 'nightdesk',
  GIT_COMMITTER_EMAIL: 'nightdesk@localhost',
};

function worktree(): { project: string; root: string; commit: () => Promise<string[]> } {
  const folder = tempFolder();
  const project = makeRepository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const root = join(folder, 'worktrees', 'r1');
  git(project, 'worktree', 'add', '--quiet', '-b', branch, root);
  return {
    project,
    root,
    async commit() {
      const remarks: string[] = [];
      const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
      await commitLeftovers(
        {
          git: createGit(env, join(folder, 'worktrees')),
          workspace: {
            v: 1,
            kind: 'worktree',
            path: root,
            root,
            branch,
            baseCommit: git(project, 'rev-parse', 'main'),
            startTree: null,
            copied: [],
            env: identity,
          },
          projectPath: project,
          branch,
          signal: new AbortController().signal,
          remark: (sentence) => remarks.push(sentence),
        },
        'nightdesk: r1 attempt 1',
      );
      return remarks;
    },
  };
}

test('changed, new and deleted files are committed as nightdesk, without hooks', async () => {
  const at = worktree();
  writeFiles(at.root, { 'new.txt': 'new' });
  rmSync(join(at.root, 'a.txt'));
  for (const hook of ['pre-commit', 'commit-msg', 'post-commit']) {
    writeFileSync(join(at.project, '.git/hooks', hook), '#!/bin/sh\ntouch hook-ran; exit 1\n', { mode: 0o755 });
  }
  expect(await at.commit()).toEqual([]);
  expect(git(at.project, 'log', '-1', '--format=%an <%ae> %s', branch)).toBe(
    'nightdesk <nightdesk@localhost> nightdesk: r1 attempt 1',
  );
  expect(git(at.project, 'ls-tree', '--name-only', branch)).toBe('new.txt');
  expect(git(at.root, 'status', '--porcelain')).toBe('');
});

test('new files are committed though the owner has git show none of them', async () => {
  const at = worktree();
  git(at.project, 'config', 'status.showUntrackedFiles', 'no');
  writeFiles(at.root, { 'new.txt': 'new' });
  expect(await at.commit()).toEqual([]);
  expect(git(at.project, 'ls-tree', '--name-only', branch)).toBe('a.txt\nnew.txt');
});

test('new files are committed outside of what a sparse checkout shows, too', async () => {
  const at = worktree();
  writeFiles(at.root, { 'hidden/there.txt': 'there' });
  await at.commit();
  git(at.root, 'sparse-checkout', 'set', '--cone', 'shown');
  expect(existsSync(join(at.root, 'hidden'))).toBe(false);
  writeFiles(at.root, { 'shown/one.txt': '1', 'elsewhere/two.txt': '2' });
  expect(await at.commit()).toEqual([]);
  expect(git(at.project, 'ls-tree', '-r', '--name-only', branch).split('\n')).toEqual([
    'a.txt',
    'elsewhere/two.txt',
    'hidden/there.txt',
    'shown/one.txt',
  ]);
});

test('nothing to commit is no commit, and doing it again changes nothing', async () => {
  const at = worktree();
  expect(await at.commit()).toEqual([]);
  expect(git(at.project, 'rev-parse', branch)).toBe(git(at.project, 'rev-parse', 'main'));
});

test.each([
  { what: 'another branch', leave: ['switch', '--quiet', '-c', 'feature'], left: 'the branch feature' },
  { what: 'no branch', leave: ['checkout', '--quiet', '--detach'], left: 'no branch' },
])('work that was left on $what comes to the branch of the run', async ({ leave, left }) => {
  const at = worktree();
  git(at.root, ...leave);
  writeFiles(at.root, { 'new.txt': 'new' });
  expect(await at.commit()).toEqual([`Claude left the worktree on ${left}; ${branch} was brought up to it`]);
  expect(git(at.project, 'ls-tree', '--name-only', branch)).toBe('a.txt\nnew.txt');
  expect(git(at.root, 'symbolic-ref', '--short', 'HEAD')).toBe(branch);
});

test('a branch that went another way is not overwritten', async () => {
  const at = worktree();
  writeFiles(at.root, { 'one.txt': 'one' });
  await at.commit();
  git(at.root, 'switch', '--quiet', '-c', 'feature', 'main');
  writeFiles(at.root, { 'two.txt': 'two' });
  expect(await at.commit()).toEqual([
    `Claude left the worktree on the branch feature, and its work is not on ${branch}`,
  ]);
  expect(git(at.project, 'ls-tree', '--name-only', branch)).toBe('a.txt\none.txt');
});

test('the lock of a git that was killed does not keep the work from being committed', async () => {
  const at = worktree();
  writeFiles(at.root, { 'new.txt': 'new' });
  writeFileSync(join(at.project, '.git/worktrees/r1/index.lock'), '');
  expect(await at.commit()).toEqual([]);
  expect(git(at.project, 'ls-tree', '--name-only', branch)).toBe('a.txt\nnew.txt');
});

test('a worktree that lost its .git file gets it again, and the work is committed', async () => {
  const at = worktree();
  writeFiles(at.root, { 'new.txt': 'new' });
  rmSync(join(at.root, '.git'));
  expect(await at.commit()).toEqual(['the worktree lost its `.git` file, which was made again']);
  expect(git(at.project, 'ls-tree', '--name-only', branch)).toBe('a.txt\nnew.txt');
  expect(git(at.root, 'status', '--porcelain')).toBe('');
});

test('a worktree that Claude made a repository anew is told, and nothing is committed to that one', async () => {
  const at = worktree();
  rmSync(join(at.root, '.git'));
  const theirs = git(makeRepository(at.root, { 'new.txt': 'new' }), 'rev-parse', 'HEAD');
  writeFiles(at.root, { 'more.txt': 'more' });
  expect(await at.commit()).toEqual([
    `Claude made the worktree a git repository of its own, so its work is not on ${branch}`,
  ]);
  expect(git(at.root, 'rev-parse', 'HEAD')).toBe(theirs);
  expect(git(at.root, 'branch', '--format=%(refname:short)')).toBe('main');
  expect(git(at.project, 'rev-parse', branch)).toBe(git(at.project, 'rev-parse', 'main'));
});

test('a worktree without its .git never reaches the repository around it', async () => {
  const at = worktree();
  rmSync(join(at.root, '.git'));
  // Nor does the project know it any more: it can't be given back.
  rmSync(join(at.project, '.git/worktrees/r1'), { recursive: true });
  makeRepository(join(at.root, '..', '..'), {});
  const outer = git(join(at.root, '..', '..'), 'rev-parse', 'HEAD');
  expect(await at.commit()).toEqual(['the worktree lost its `.git` file, so nothing could be committed']);
  expect(git(join(at.root, '..', '..'), 'rev-parse', 'HEAD')).toBe(outer);
});
