import type { AttemptReport } from '../../model/attempt.ts';
import type { ChangedFile } from '../../model/check-files.ts';
import type { Git } from '../git.ts';
import { snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

/** Two states of a workspace's files, as git names them: before the run, and now. */
export interface Span {
  from: string;
  to: string;
}

const maxNames = 50;
// As everybody's git reads it, whatever the owner of the repository likes to see.
const plainDiff = [
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--find-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
];

/**
 * What lies between the base and now: in a worktree the commits of its branch, in place the files themselves. `undefined`
 * where the workspace is no git repository.
 */
export async function findSpan(
  git: Git,
  workspace: Workspace,
  scratchFolder: string,
  signal?: AbortSignal,
): Promise<Span | undefined> {
  if (workspace.kind === 'worktree') {
    return workspace.baseCommit === null ? undefined : { from: workspace.baseCommit, to: 'HEAD' };
  }
  if (workspace.startTree === null) return undefined;
  const to = await snapshot(git, workspace.root, scratchFolder, signal);
  return to === undefined ? undefined : { from: workspace.startTree, to };
}

/** Counts files and lines; names up to 50 files. */
export async function countChanges(
  git: Git,
  root: string,
  { from, to }: Span,
  signal?: AbortSignal,
): Promise<NonNullable<AttemptReport['changes']> | undefined> {
  const shown = await git(root, [...plainDiff, '--numstat', '-z', from, to], { signal });
  return shown.isOk ? parseNumstat(shown.stdout) : undefined;
}

/**
 * Reads `git diff --numstat -z`: `<added>\t<deleted>\t<path>\0`, a rename as `<added>\t<deleted>\t\0<old>\0<new>\0`, and
 * `-` for the lines of a binary file. https://git-scm.com/docs/git-diff#_other_diff_formats
 */
export function parseNumstat(text: string): NonNullable<AttemptReport['changes']> {
  const fields = text.split('\0');
  const changes = { files: 0, insertions: 0, deletions: 0, names: [] as string[] };
  for (let at = 0; at < fields.length; at += 1) {
    const [, added, deleted, path] = /^(\S+)\t(\S+)\t(.*)$/s.exec(fields[at] ?? '') ?? [];
    if (added === undefined) continue;
    changes.files += 1;
    changes.insertions += Number(added) || 0;
    changes.deletions += Number(deleted) || 0;
    const isRename = path === '';
    const name = isRename ? fields[at + 2] : path;
    if (isRename) at += 2;
    if (name !== undefined && changes.names.length < maxNames) changes.names.push(name);
  }
  return changes;
}

/** Every file in `root` that differs, relative to it; a file that was moved is one deleted and one added. */
export async function listChanges(
  git: Git,
  root: string,
  { from, to }: Span,
  signal?: AbortSignal,
): Promise<ChangedFile[]> {
  const shown = await git(
    root,
    ['diff', '--no-ext-diff', '--no-renames', '--relative', '--name-status', '-z', from, to],
    { signal },
  );
  const fields = shown.isOk ? shown.stdout.split('\0') : [];
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [status, path = ''] = [fields[at], fields[at + 1]];
    files.push({ path, how: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified' });
  }
  return files;
}

/** A short table of what changed, for a prompt; empty where nothing did. */
export async function diffStat(git: Git, root: string, { from, to }: Span, signal?: AbortSignal): Promise<string> {
  const shown = await git(root, [...plainDiff, '--stat=100', '--stat-count=50', from, to], { signal });
  return shown.isOk ? shown.stdout.trimEnd() : '';
}

/** The difference as text; `isCut` where it is longer than `maxBytes`. */
export async function diffText(
  git: Git,
  root: string,
  { from, to }: Span,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<{ text: string; isCut: boolean } | undefined> {
  const shown = await git(root, [...plainDiff, from, to], { signal, maxBytes });
  return shown.isOk || shown.isCut ? { text: shown.stdout, isCut: shown.isCut } : undefined;
}
