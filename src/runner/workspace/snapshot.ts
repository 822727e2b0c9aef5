import { copyFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Git } from '../git.ts';

/**
 * Writes the folder's files, untracked ones too and ignored ones not, as a tree object, and returns its name. Works in
 * a copy of the index: the folder's own, its branch and its stash stay as they are. `undefined` where git can't.
 */
export async function snapshot(
  git: Git,
  folder: string,
  scratchFolder: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const index = join(scratchFolder, 'snapshot-index');
  try {
    const own = await git(folder, ['rev-parse', '--git-path', 'index'], { signal });
    if (!own.isOk) return undefined;
    // With the times that the index knows, git reads only the files that changed.
    await copyFile(resolve(folder, own.stdout.trimEnd()), index).catch(() => undefined);
    const options = { signal, env: { GIT_INDEX_FILE: index } };
    const added = await git(folder, ['add', '--all', '--', '.'], options);
    if (!added.isOk) return undefined;
    const tree = await git(folder, ['write-tree'], options);
    return tree.isOk ? tree.stdout.trim() : undefined;
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}
