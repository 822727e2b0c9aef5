import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Attempt } from './attempt.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Files of a workspace that can give Claude Code tools, hooks and servers. */
const settingsFiles = ['.claude/settings.json', '.claude/settings.local.json', '.mcp.json'];

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
  return settingsFiles.filter((file) => before[file] !== digestOf(join(workspace.path, file)));
}

async function firstDigests(attempt: Attempt, workspace: Workspace): Promise<Digests> {
  const isRetry = attempt.request.startFrom !== undefined && workspace.baseCommit !== null;
  const digests: Digests = {};
  for (const file of settingsFiles) {
    digests[file] = isRetry ? await digestAtBase(attempt, workspace, file) : digestOf(join(workspace.path, file));
  }
  return digests;
}

async function digestAtBase(attempt: Attempt, workspace: Workspace, file: string): Promise<string | null> {
  // A path that begins with ./ is looked up from the folder git works in: the project may be a part of the repository.
  const shown = await attempt.git(workspace.path, ['cat-file', 'blob', `${workspace.baseCommit}:./${file}`]);
  return shown.isOk ? digest(shown.stdout) : null;
}

const digestOf = (path: string): string | null => (existsSync(path) ? digest(readFileSync(path, 'utf8')) : null);
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
