import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createGit } from '../../../src/runner/git.ts';
import { findNestedWork } from '../../../src/runner/workspace/nested-work.ts';
import { git, makeRepository, tempFolder, writeFiles } from '../../support/temp-repository.ts';

test('a repository inside of the worktree is named where its work is nowhere else', async () => {
  const folder = tempFolder();
  const other = makeRepository(join(folder, 'other'), { 'lib.txt': 'one\n' });
  const root = makeRepository(join(folder, 'worktree'), { 'a.txt': 'one\n' });
  const base = git(root, 'rev-parse', 'HEAD');
  const plain = createGit({ PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' }, folder);
  const find = () => findNestedWork(plain, root, base);

  makeRepository(join(root, 'made here'), { 'b.txt': 'two\n' });
  for (const name of ['looked-at', 'committed', 'changed']) git(root, 'clone', '--quiet', other, name);
  git(join(root, 'committed'), 'commit', '--quiet', '--allow-empty', '--message', 'more');
  writeFiles(root, { 'looked-at/out.txt': 'of a build', 'changed/lib.txt': 'two\n' });
  expect(await find()).toEqual([]);
  git(root, 'add', '--all');
  expect(await find()).toEqual(['changed', 'committed', 'made here']);
  git(root, 'commit', '--quiet', '--message', 'all');
  expect(await find()).toEqual(['changed', 'committed', 'made here']);
  expect(await findNestedWork(plain, root, 'nowhere')).toBeUndefined();
});
