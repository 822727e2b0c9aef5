import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

import type { Attempt } from './attempt.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Files that can give Claude Code tools, hooks and servers; it reads them in the folders above the project's too. */
const settingsFiles = ['.claude/settings.json', '.claude/settings.local.json', '.mcp.json'];
/** Their files name tools, hooks and servers as well: the hook of an agent runs without asking. Tried with 2.1.330. */
const settingsFolders = ['.claude/agents', '.claude/commands', '.claude/skills'];

/** Of an attempt. */
export interface RightsContext extends Pick<Attempt, 'git'> {
  runPaths: Pick<Attempt['runPaths'], 'settings'>;
  request: Pick<Attempt['request'], 'startFrom'>;
}

/** By path in the repository; of a folder, over all of its files. */
type Digests = Record<string, string | null>;

/**
 * Names the settings files of the workspace that are no longer as they were before Claude first worked there: what a run
 * leaves behind must not widen the rights of the next attempt. A retry is compared with the base, not with the branch
 * that the failed run left.
 */
export async function findChangedSettings(attempt: RightsContext, workspace: Workspace): Promise<string[]> {
  const known = findJson(attempt.runPaths.settings) as Digests | undefined;
  const before = known ?? (await firstDigests(attempt, workspace));
  if (known === undefined) writeDurably(attempt.runPaths.settings, JSON.stringify(before));
  return Object.keys(before).filter((path) => before[path] !== digestNow(workspace.root, path));
}

async function firstDigests(attempt: RightsContext, workspace: Workspace): Promise<Digests> {
  const isRetry = attempt.request.startFrom !== undefined && workspace.baseCommit !== null;
  const digests: Digests = {};
  for (const folder of foldersDownTo(relative(workspace.root, workspace.path))) {
    for (const file of settingsFiles.map((name) => posix.join(folder, name))) {
      digests[file] = isRetry ? await digestAtBase(attempt, workspace, file) : digestNow(workspace.root, file);
    }
    for (const path of settingsFolders.map((name) => posix.join(folder, name))) {
      digests[path] = isRetry ? await folderAtBase(attempt, workspace, path) : digestNow(workspace.root, path);
    }
  }
  return digests;
}

/** `a/b`: the top, `a` and `a/b`. */
function foldersDownTo(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['', ...parts.map((_part, at) => parts.slice(0, at + 1).join('/'))];
}

async function digestAtBase(attempt: RightsContext, workspace: Workspace, file: string): Promise<string | null> {
  const shown = await attempt.git(workspace.root, ['cat-file', 'blob', `${workspace.baseCommit}:${file}`]);
  return shown.isOk ? digest(shown.stdout) : null;
}

async function folderAtBase(attempt: RightsContext, workspace: Workspace, path: string): Promise<string | null> {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', workspace.baseCommit ?? '', '--', path];
  const listed = await attempt.git(workspace.root, args);
  const files = listed.stdout.split('\0').filter((name) => name !== '');
  const digests: [string, string | null][] = [];
  for (const file of files) {
    digests.push([posix.relative(path, file), await digestAtBase(attempt, workspace, file)]);
  }
  return digestOfAll(digests);
}

function digestNow(root: string, path: string): string | null {
  const at = join(root, path);
  if (!settingsFolders.some((name) => at.endsWith(`/${name}`))) return digestOf(at);
  return digestOfAll(filesBelow(root, at).map((name) => [name, digestOf(join(at, name))]));
}

/** Far more than anybody has. */
const maxFiles = 2_000;

/**
 * Through links too, as Claude Code goes, as far as they stay in the workspace; each folder once. A run may leave links that
 * lead in a circle, or to everything on the machine.
 */
function filesBelow(root: string, top: string): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const look = (name: string): void => {
    const path = join(top, name);
    const real = realPathOf(path);
    const isFolder = real?.startsWith(`${root}/`) === true && statSync(real).isDirectory();
    if (!isFolder) {
      if (isThere(path)) found.push(name);
      return;
    }
    if (seen.has(real)) return;
    seen.add(real);
    for (const child of readdirSync(real).toSorted()) if (found.length < maxFiles) look(posix.join(name, child));
  };
  look('');
  return found;
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** `undefined` for a link that leads nowhere or to itself as well. */
function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const digestOfAll = (files: [string, string | null][]): string | null =>
  files.length === 0 ? null : digest(JSON.stringify(files.toSorted(([one], [other]) => (one < other ? -1 : 1))));

/** What stands in a file's place and is none, such as a folder, differs from every file. */
function digestOf(path: string): string | null {
  try {
    // A pipe would be waited for, and a device has no end: the whole program would stand still.
    if (!statSync(path).isFile()) return 'unreadable: not a file';
    return digest(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : `unreadable: ${code}`;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
