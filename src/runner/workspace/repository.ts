import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Git } from '../git.ts';

export interface Repository {
  /** The same for all worktrees of the repository. */
  commonFolder: string;
  /** Of the folder inside the repository: empty, or `packages/api/`. */
  prefix: string;
}

/** The repository that a folder belongs to; where it belongs to none, or git refuses, why. */
export async function inspectRepository(
  git: Git,
  folder: string,
  signal: AbortSignal,
): Promise<{ repository: Repository } | { isNone: boolean; failure: string }> {
  const found = await git(folder, ['rev-parse', '--git-common-dir', '--show-prefix'], { signal });
  if (!found.isOk) return { isNone: /not a git repository/.test(found.stderr), failure: found.failure };
  const [common = '', prefix = ''] = found.stdout.split('\n');
  return { repository: { commonFolder: await realpath(resolve(folder, common)), prefix } };
}

/** The commit that a name stands for, or `undefined`. */
export async function findCommit(
  git: Git,
  folder: string,
  name: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const found = await git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], {
    signal,
  });
  return found.isOk ? found.stdout.trim() : undefined;
}
