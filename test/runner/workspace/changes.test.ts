import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createGit } from '../../../src/runner/git.ts';
import { diffText, parseNumstat } from '../../../src/runner/workspace/changes.ts';
import { git, makeRepository, tempFolder, writeFiles } from '../../support/temp-repository.ts';

test.each([
  { what: 'nothing', text: '', files: 0, insertions: 0, deletions: 0, names: [] },
  {
    what: 'two files',
    text: '3\t1\ta.ts\u000010\t0\tb c.ts\0',
    files: 2,
    insertions: 13,
    deletions: 1,
    names: ['a.ts', 'b c.ts'],
  },
  {
    what: 'a rename',
    text: '1\t1\t\0old.ts\0new.ts\u00002\t0\tx\0',
    files: 2,
    insertions: 3,
    deletions: 1,
    names: ['new.ts', 'x'],
  },
  { what: 'a binary file', text: '-\t-\tlogo.png\0', files: 1, insertions: 0, deletions: 0, names: ['logo.png'] },
  { what: 'odd names', text: '1\t0\ta\tb\nc\0', files: 1, insertions: 1, deletions: 0, names: ['a\tb\nc'] },
])('git diff --numstat -z of $what', ({ text, files, insertions, deletions, names }) => {
  expect(parseNumstat(text)).toEqual({ files, insertions, deletions, names });
});

test('all files count, but only the first 50 are named', () => {
  const text = Array.from({ length: 60 }, (_, index) => `1\t0\tf${index}\0`).join('');
  const changes = parseNumstat(text);
  expect(changes).toMatchObject({ files: 60, insertions: 60 });
  expect(changes.names).toHaveLength(50);
});

test('a patch is as `git apply` takes it, however the owner has differences shown', async () => {
  const folder = tempFolder();
  const root = makeRepository(join(folder, 'project'), { 'src/a.txt': 'one\n' });
  for (const [key = '', value = ''] of [
    ['diff.noprefix', 'true'],
    ['color.ui', 'always'],
  ]) {
    git(root, 'config', key, value);
  }
  writeFiles(root, { 'src/a.txt': 'two\n' });
  git(root, 'commit', '--quiet', '--all', '--message', 'two');
  const plain = createGit({ PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' }, folder);
  const patch = await diffText(plain, root, { from: 'HEAD~1', to: 'HEAD' }, 10_000);
  expect(patch?.text).toContain('--- a/src/a.txt\n+++ b/src/a.txt\n');
  writeFiles(root, { 'changes.patch': patch?.text ?? '' });
  git(root, 'apply', '--reverse', 'changes.patch');
  expect(git(root, 'status', '--porcelain', '--', 'src')).toBe('M src/a.txt');
});
