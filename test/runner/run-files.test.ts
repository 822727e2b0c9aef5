import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createRunFiles } from '../../src/runner/run-files.ts';
import { git, makeRepository, tempFolder } from '../support/temp-repository.ts';

test('a worktree that a run made a repository anew goes no sooner than one with unsaved changes', async () => {
  const folder = tempFolder();
  const projectPath = makeRepository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const dataDirectory = join(folder, 'data');
  const root = join(dataDirectory, 'worktrees', 'r1');
  git(projectPath, 'worktree', 'add', '--quiet', '-b', 'nightdesk/tidy/r1', root);
  const files = createRunFiles({ dataDirectory, env: () => ({ PATH: process.env['PATH'] ?? '' }) });
  rmSync(join(root, '.git'));
  makeRepository(root, { 'work.txt': 'only here\n' });
  expect(await files.discardWorktree({ run: 1, projectPath, evenUnsaved: false })).toBe('kept');
  expect(await files.discardWorktree({ run: 1, projectPath, evenUnsaved: true })).toBe('deleted');
  expect(git(projectPath, 'worktree', 'list', '--porcelain')).not.toContain('r1');
});
