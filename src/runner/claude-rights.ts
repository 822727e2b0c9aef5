import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

import type { Attempt } from './attempt.ts';
import { viewCommit, type CommitView } from './commit-view.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Files that can give Claude Code tools, hooks and servers; it reads them in the folders above the project's too. */
const settingsFiles = ['.claude/settings.json', '.claude/settings.local.json', '.mcp.json'];
/** Their files name tools, hooks and servers as well: the hook of an agent runs without asking. Tried with 2.1.330. */
const settingsFolders = ['.claude/agents', '.claude/commands', '.claude/skills'];

/** Of an attempt. */
export interface RightsContext extends Pick<Attempt, 'git'> {
  runPaths: Pick<Attempt['runPaths'], 'settings'>;
  request: Pick<Attempt['request'], 'startFrom'> & { project: Pick<Attempt['request']['project'], 'path'> };
}

/** By path in the repository; of a folder, over all of its files. */
type Digests = Record<string, string | null>;
type FileDigest = [name: string, digest: string | null];

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
  const { git, request } = attempt;
  const { root, path, baseCommit } = workspace;
  const base = request.startFrom === undefined || baseCommit === null ? undefined : viewCommit(git, root, baseCommit);
  const digests: Digests = {};
  for (const folder of foldersDownTo(relative(root, path))) {
    for (const name of [...settingsFiles, ...settingsFolders]) {
      const at = posix.join(folder, name);
      digests[at] =
        base === undefined ? digestNow(root, at) : await digestBefore(base, at, copiedTo(at, attempt, workspace));
    }
  }
  return digests;
}

/** What the base holds, with what the owner has copied into the worktree. */
async function digestBefore(base: CommitView, path: string, copied: FileDigest[]): Promise<string | null> {
  if (!isFolder(path)) {
    const [own] = copied;
    if (own !== undefined) return own[1];
    const text = await base.read(path);
    return text === undefined ? null : digest(text);
  }
  const files: FileDigest[] = [];
  for (const name of await base.filesBelow(path, maxFiles)) {
    const text = await base.read(posix.join(path, name));
    files.push([name, text === undefined ? null : digest(text)]);
  }
  return digestOfAll([...new Map([...files, ...copied])]);
}

/**
 * The copied files at a path of the worktree or below it, as the project has them: those in the worktree may be others by
 * now, since set-up and checks run what a failed run left.
 */
function copiedTo(at: string, { request }: RightsContext, { root, path, copied }: Workspace): FileDigest[] {
  const project = realPathOf(request.project.path);
  if (project === undefined) return [];
  return copied.flatMap((one) => {
    const isAround = at === one || at.startsWith(`${one}/`);
    if (!isAround && !one.startsWith(`${at}/`)) return [];
    const top = isAround ? at : one;
    const source = join(project, relative(relative(root, path), top));
    const names = filesBelow(project, source);
    return names.map((name): FileDigest => [posix.relative(at, posix.join(top, name)), digestOf(join(source, name))]);
  });
}

/** `a/b`: the top, `a` and `a/b`. */
function foldersDownTo(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['', ...parts.map((_part, at) => parts.slice(0, at + 1).join('/'))];
}

function digestNow(root: string, path: string): string | null {
  const at = join(root, path);
  if (!isFolder(path)) return digestOf(at);
  return digestOfAll(filesBelow(root, at).map((name) => [name, digestOf(join(at, name))]));
}

const isFolder = (path: string): boolean => settingsFolders.some((name) => `/${path}`.endsWith(`/${name}`));

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

const digestOfAll = (files: FileDigest[]): string | null =>
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
