import { chmodSync, chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { removeTree } from '../../src/runner/remove-tree.ts';
import { tempFolder, writeFiles } from '../support/temp-repository.ts';

const nobody = 65_534;

/** Root may write everywhere. */
function beNobody(folder: string): void {
  if (process.getuid?.() !== 0) return;
  chownSync(folder, nobody, nobody);
  process.seteuid?.(nobody);
  onTestFinished(() => process.seteuid?.(0));
}

test('folders that nobody may write to are deleted with what is in them', async () => {
  const folder = tempFolder();
  beNobody(folder);
  const tree = join(folder, 'tree');
  writeFiles(tree, { 'cache/module@v1/go.mod': 'module x', 'cache/module@v1/deep/a.go': 'package x', 'b.txt': 'b' });
  for (const name of ['cache/module@v1/deep', 'cache/module@v1', 'cache']) chmodSync(join(tree, name), 0o555);
  chmodSync(tree, 0o000);
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  await removeTree(tree);
});
