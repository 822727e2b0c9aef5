import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

import type { Attempt } from './attempt.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Files that can give Claude Code tools, hooks and servers; it reads them in the folders above the project's too. */
const settingsFiles = ['.claude/settings.json', '.claude/settings.local.json', '.mcp.json'];

/** By path in the repository. */
type Digests = Record<string, string | null>;

/**
 * Names the settings files of the workspace that are no longer as they were before Claude first worked there: what a run
 * leaves behind must not widen the rights of the next attempt. A retry is compared with the base, not with the branch
 * that the failed run left.
 */
export async function findChangedSettings(attempt: Attempt, workspace: Workspace): Promise<string[]> {
  const known = findJson(attempt.runPaths.settings) as Digests | undefined;
  const before = known ?? (await firstDigests(attempt, workspace));
  if (known === undefined) writeDurably(attempt.runPaths.settings, JSON.stringify(before));
  return Object.keys(before).filter((file) => before[file] !== digestOf(join(workspace.root, file)));
}

async function firstDigests(attempt: Attempt, workspace: Workspace): Promise<Digests> {
  const isRetry = attempt.request.startFrom !== undefined && workspace.baseCommit !== null;
  const digests: Digests = {};
  for (const folder of foldersDownTo(relative(workspace.root, workspace.path))) {
    for (const file of settingsFiles.map((name) => posix.join(folder, name))) {
      digests[file] = isRetry ? await digestAtBase(attempt, workspace, file) : digestOf(join(workspace.root, file));
    }
  }
  return digests;
}

/** `a/b`: the top, `a` and `a/b`. */
function foldersDownTo(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['', ...parts.map((_part, at) => parts.slice(0, at + 1).join('/'))];
}

async function digestAtBase(attempt: Attempt, workspace: Workspace, file: string): Promise<string | null> {
  const shown = await attempt.git(workspace.root, ['cat-file', 'blob', `${workspace.baseCommit}:${file}`]);
  return shown.isOk ? digest(shown.stdout) : null;
}

/** What stands in a file's place and is none, such as a folder, differs from every file. */
function digestOf(path: string): string | null {
  try {
    return digest(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : `unreadable: ${code}`;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
