import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Git, GitOptions } from '../git.ts';

/**
 * Names the folders of a worktree that are git repositories of their own (a submodule, or one that a tool made) and hold work
 * which nobody else has: commits on none of their remotes, or changed files. Of such a folder the project's branch has
 * nothing but a commit's name. `base`: what the run started from. `undefined` where git can't tell.
 */
export async function findNestedWork(
  git: Git,
  root: string,
  base: string,
  options: GitOptions = {},
): Promise<string[] | undefined> {
  // Files that git does not know in there may be what a build wrote.
  const only = ['--no-ext-diff', '--no-renames', '--ignore-submodules=untracked'];
  const shown = await git(root, ['diff', '--raw', '-z', ...only, base], options);
  if (!shown.isOk) return undefined;
  const found: string[] = [];
  for (const path of nestedIn(shown.stdout)) {
    if (existsSync(join(root, path, '.git')) && (await isOnlyHere(git, join(root, path), options))) found.push(path);
  }
  return found;
}

/** Mode 160000 stands for a repository. https://git-scm.com/docs/git-diff#_raw_output_format */
function nestedIn(raw: string): string[] {
  const fields = raw.split('\0');
  return fields.flatMap((field, at) => (/^:\d{6} 160000 /.test(field) ? (fields[at + 1] ?? []) : []));
}

async function isOnlyHere(git: Git, folder: string, options: GitOptions): Promise<boolean> {
  const status = await git(folder, ['status', '--porcelain', '--untracked-files=no'], options);
  if (!status.isOk || status.stdout !== '') return true;
  const having = await git(folder, ['for-each-ref', '--count=1', '--contains=HEAD', 'refs/remotes'], options);
  return !having.isOk || having.stdout === '';
}
