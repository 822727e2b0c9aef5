import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

import type { Attempt } from './attempt.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Files that can give Claude Code tools, hooks and servers; it reads them in the folders above the project's too. */
const settingsFiles = ['.claude/settings.json', '.claude/settings.local.json', '.mcp.json'];
/** Their files name tools, hooks and servers as well: the hook of an agent runs without asking. Tried with 2.1.330. */
const settingsFolders = ['.claude/agents', '.claude/commands', '.claude/skills'];

/** By path in the repository; of a folder, over all of its files. */
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
  return Object.keys(before).filter((path) => before[path] !== digestNow(join(workspace.root, path)));
}

async function firstDigests(attempt: Attempt, workspace: Workspace): Promise<Digests> {
  const isRetry = attempt.request.startFrom !== undefined && workspace.baseCommit !== null;
  const digests: Digests = {};
  for (const folder of foldersDownTo(relative(workspace.root, workspace.path))) {
    for (const file of settingsFiles.map((name) => posix.join(folder, name))) {
      digests[file] = isRetry ? await digestAtBase(attempt, workspace, file) : digestNow(join(workspace.root, file));
    }
    for (const path of settingsFolders.map((name) => posix.join(folder, name))) {
      digests[path] = isRetry ? await folderAtBase(attempt, workspace, path) : digestNow(join(workspace.root, path));
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

async function folderAtBase(attempt: Attempt, workspace: Workspace, path: string): Promise<string | null> {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', workspace.baseCommit ?? '', '--', path];
  const listed = await attempt.git(workspace.root, args);
  const files = listed.stdout.split('\0').filter((name) => name !== '');
  const digests: [string, string | null][] = [];
  for (const file of files) {
    digests.push([posix.relative(path, file), await digestAtBase(attempt, workspace, file)]);
  }
  return digestOfAll(digests);
}

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function digestNow(path: string): string | null {
  if (!settingsFolders.some((name) => path.endsWith(`/${name}`))) return digestOf(path);
  if (!isFolder(path)) return digestOfAll(lstatSync(path, { throwIfNoEntry: false }) ? [['', digestOf(path)]] : []);
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => !isFolder(join(path, name)));
  return digestOfAll(files.map((name) => [name, digestOf(join(path, name))]));
}

const digestOfAll = (files: [string, string | null][]): string | null =>
  files.length === 0 ? null : digest(JSON.stringify(files.toSorted(([one], [other]) => (one < other ? -1 : 1))));

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
