import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { retryWhileLocked, type Git, type GitResult } from '../git.ts';
import { findCommit } from './repository.ts';
import type { Workspace } from './workspace.ts';

/** Large repositories on slow disks have their time. */
const longestMs = 15 * 60_000;

interface CommitContext {
  git: Git;
  workspace: Workspace;
  /** Of the repository that the worktree belongs to. */
  projectPath: string;
  branch: string;
  signal: AbortSignal;
  remark: (sentence: string) => void;
}

/**
 * Commits what an attempt left uncommitted in a worktree and makes the run's branch hold the work, wherever the attempt
 * left HEAD. What git refuses is a remark: the files are still there.
 */
export async function commitLeftovers(context: CommitContext, message: string): Promise<void> {
  const { git, workspace, signal, remark } = context;
  const { root, env } = workspace;
  if (isRepositoryItself(root)) {
    return remark(`Claude made the worktree a git repository of its own, so its work is not on ${context.branch}`);
  }
  const options = { signal, env, timeoutMs: longestMs };
  const status = await git(root, ['status', '--porcelain=v2', '--branch', '--untracked-files=normal'], options);
  if (!status.isOk && !(await hasGitFile(context))) {
    return remark('the worktree lost its `.git` file, so nothing could be committed');
  }
  if (status.isOk && isClean(status.stdout, context.branch)) return;
  const added = await addAll(context);
  if (!added.isOk) remark(`not everything could be committed: ${added.failure}`);
  const isNothingStaged = (await git(root, ['diff', '--cached', '--quiet'], { signal, env })).isOk;
  if (!isNothingStaged) {
    const committed = await withoutStaleLocks(context, () =>
      git(root, ['commit', '--quiet', '--no-verify', '--message', message], { signal, env }),
    );
    if (!committed.isOk) remark(`what was left could not be committed: ${committed.failure}`);
  }
  await bringBranchAlong(context);
}

async function addAll(context: CommitContext): Promise<GitResult> {
  const { git, workspace, signal } = context;
  const { root, env } = workspace;
  const add = (...more: string[]): Promise<GitResult> =>
    withoutStaleLocks(context, () =>
      git(root, ['add', '--all', '--ignore-errors', ...more], { signal, env, timeoutMs: longestMs }),
    );
  const added = await add();
  // Who has git show only a part of the repository has work in the other parts refused.
  return !added.isOk && /outside of your sparse-checkout/.test(added.stderr) ? await add('--sparse') : added;
}

/** A worktree of git has a file there, which says where the repository is. */
export const isRepositoryItself = (root: string): boolean =>
  lstatSync(join(root, '.git'), { throwIfNoEntry: false })?.isDirectory() === true;

/** The project's repository knows its worktrees, and can write the file again. */
async function hasGitFile({ git, workspace, projectPath, signal, remark }: CommitContext): Promise<boolean> {
  const isThere = async (): Promise<boolean> =>
    (await git(workspace.root, ['rev-parse', '--git-dir'], { signal })).isOk;
  if (await isThere()) return true;
  await git(projectPath, ['worktree', 'repair'], { signal });
  const isBack = await isThere();
  if (isBack) remark('the worktree lost its `.git` file, which was made again');
  return isBack;
}

/** On its own branch, with no file that differs. https://git-scm.com/docs/git-status#_porcelain_format_version_2 */
function isClean(status: string, branch: string): boolean {
  const lines = status.split('\n').filter((line) => line !== '');
  return lines.every((line) => line.startsWith('# ')) && lines.includes(`# branch.head ${branch}`);
}

/** Claude may have worked on a branch of its own or on none: where nothing is lost by it, ours follows. */
async function bringBranchAlong(context: CommitContext): Promise<void> {
  const { git, branch, signal, remark, workspace } = context;
  const own = `refs/heads/${branch}`;
  const { root } = workspace;
  const head = (await git(root, ['symbolic-ref', '--quiet', 'HEAD'], { signal })).stdout.trim();
  if (head === own) return;
  const commit = await findCommit(git, root, 'HEAD', signal);
  const ours = await findCommit(git, root, own, signal);
  const isAhead =
    commit !== undefined &&
    (ours === undefined || (await git(root, ['merge-base', '--is-ancestor', ours, commit], { signal })).isOk);
  const left = head === '' ? 'no branch' : `the branch ${head.replace('refs/heads/', '')}`;
  if (!isAhead) return remark(`Claude left the worktree on ${left}, and its work is not on ${branch}`);
  await git(root, ['update-ref', own, commit], { signal });
  await git(root, ['symbolic-ref', 'HEAD', own], { signal });
  remark(`Claude left the worktree on ${left}; ${branch} was brought up to it`);
}

/**
 * A git that was killed leaves its lock behind. Nothing of the attempt runs any more, and the worktree is the run's
 * alone: a lock that stays is nobody's.
 */
async function withoutStaleLocks(
  { git, workspace, signal }: CommitContext,
  run: () => Promise<GitResult>,
): Promise<GitResult> {
  const result = await retryWhileLocked(run, signal);
  if (result.isOk || !/\.lock': File exists/.test(result.stderr)) return result;
  const own = await git(workspace.root, ['rev-parse', '--git-dir'], { signal });
  for (const lock of own.isOk ? ['index.lock', 'HEAD.lock'] : []) {
    await rm(join(resolve(workspace.root, own.stdout.trimEnd()), lock), { force: true });
  }
  return await run();
}
