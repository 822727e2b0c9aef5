import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { findRepositories } from '../../../src/cli/init/find-repositories.ts';
import { git, makeRepository, tempFolder } from '../../support/temp-repository.ts';

function plant(home: string, paths: string[]): void {
  for (const [index, path] of paths.entries()) {
    makeRepository(join(home, path), { a: path });
    // The first one was worked in last.
    utimesSync(join(home, path, '.git/index'), 0, 1_000_000_000 - index);
  }
}

test('finds the working directory, its children, and those one or two levels deep in the common folders', () => {
  const home = tempFolder();
  plant(home, ['src/team/b', 'here/child', 'projects/a']);
  for (const path of ['src/team/deep/er', 'elsewhere/x', 'src/.hidden/y', 'src/node_modules/z', 'here/c/grandchild']) {
    makeRepository(join(home, path), {});
  }
  expect(findRepositories(join(home, 'here'), home).map(({ path }) => path)).toEqual(
    ['src/team/b', 'here/child', 'projects/a'].map((path) => join(home, path)),
  );
  plant(home, ['alone']);
  expect(findRepositories(join(home, 'alone'), undefined).map(({ path }) => path)).toEqual([join(home, 'alone')]);
});

test('passes over repositories inside of others, without a commit, linked worktrees and links', () => {
  const home = tempFolder();
  plant(home, ['src/api']);
  makeRepository(join(home, 'src/api/inner'), {});
  mkdirSync(join(home, 'src/empty'));
  git(join(home, 'src/empty'), 'init', '--quiet');
  git(join(home, 'src/api'), 'worktree', 'add', '--quiet', join(home, 'src/tree'));
  symlinkSync(join(home, 'src/api'), join(home, 'src/link'));
  expect(findRepositories(home, home).map(({ path }) => path)).toEqual([join(home, 'src/api')]);
});

test('looks at so many folders and no more', () => {
  const home = tempFolder();
  plant(home, ['here/a', 'here/b', 'here/c']);
  const bounds = { maxFolders: 3, maxMs: 60_000 };
  expect(findRepositories(join(home, 'here'), undefined, bounds)).toHaveLength(2);
  expect(findRepositories(join(home, 'here'), undefined, { ...bounds, maxMs: 0 })).toEqual([]);
});
