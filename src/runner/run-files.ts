import { existsSync } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

import { commandEnv } from './child-env.ts';
import { discardLeftovers, type OldLeftovers } from './discard-leftovers.ts';
import { findJson } from './durable-file.ts';
import { createGit, type Git } from './git.ts';
import { createPaths, type RunPaths } from './paths.ts';
import { removeTree } from './remove-tree.ts';
import { isRepositoryItself } from './workspace/commit-leftovers.ts';
import { findNestedWork } from './workspace/nested-work.ts';
import type { Workspace } from './workspace/workspace.ts';

/** What became of something that was to be deleted: `absent` where there was nothing, `kept` where it has the only copy of work. */
export type Discarded = 'deleted' | 'absent' | 'kept';

export interface WorktreeOfRun {
  run: number;
  /** The folder of the project whose repository it belongs to. */
  projectPath: string;
  /** Whether changes in it that are on no branch go with it. */
  evenUnsaved: boolean;
}

/** The port to what runs that have ended, and commands that are over, leave on the disk. */
export interface RunFiles {
  measure(run: number): Promise<{ logsBytes: number; worktreeBytes: number }>;
  /** Everything but the worktree: streams, transcripts, patches, reports. */
  discardLogs(run: number): Promise<Discarded>;
  discardWorktree(worktree: WorktreeOfRun): Promise<Discarded>;
  /** Deletes a branch whose commits another branch has, here or as it was last seen on a remote. */
  discardBranch(projectPath: string, branch: string): Promise<Discarded>;
  /** Deletes what restores put aside, and drafts that were given up. */
  discardLeftovers(old: OldLeftovers): Promise<void>;
}

export interface RunFilesOptions {
  dataDirectory: string;
  /** The environment of commands: git finds its configuration by it. */
  env: () => Record<string, string>;
}

/** The files of runs on this machine. */
export function createRunFiles({ dataDirectory, env }: RunFilesOptions): RunFiles {
  const paths = createPaths(dataDirectory);
  const newGit = (): Git => createGit(commandEnv(env()), paths.worktrees);
  return {
    discardLeftovers: (old) => discardLeftovers(dataDirectory, old),
    async measure(run) {
      const { folder, worktree } = paths.run(run);
      return { logsBytes: await diskUse(folder), worktreeBytes: await diskUse(worktree) };
    },
    async discardLogs(run) {
      const { folder } = paths.run(run);
      if (!existsSync(folder)) return 'absent';
      await removeTree(folder);
      return 'deleted';
    },
    async discardWorktree({ run, projectPath, evenUnsaved }) {
      const of = paths.run(run);
      if (!existsSync(of.worktree)) return 'absent';
      const git = newGit();
      if (!evenUnsaved && (await isUnsaved(git, of))) return 'kept';
      await removeTree(of.worktree);
      // Without its folder git lets the registration go, whatever state it was in.
      if (existsSync(projectPath)) {
        await git(projectPath, ['worktree', 'unlock', of.worktree]);
        await git(projectPath, ['worktree', 'remove', '--force', of.worktree]);
      }
      return 'deleted';
    },
    async discardBranch(projectPath, branch) {
      if (!existsSync(projectPath)) return 'kept';
      const git = newGit();
      const own = `refs/heads/${branch}`;
      const tip = await git(projectPath, ['rev-parse', '--quiet', '--verify', `${own}^{commit}`]);
      if (!tip.isOk) return tip.exitCode === 1 ? 'absent' : 'kept';
      const list = ['for-each-ref', '--format=%(refname)', `--contains=${tip.stdout.trim()}`];
      const containing = await git(projectPath, [...list, 'refs/heads', 'refs/remotes']);
      const others = containing.stdout.split('\n').filter((ref) => ref !== '' && ref !== own);
      if (!containing.isOk || others.length === 0) return 'kept';
      // Git refuses where somebody has it checked out.
      const deleted = await git(projectPath, ['branch', '--quiet', '--delete', '--force', '--', branch]);
      return deleted.isOk ? 'deleted' : 'kept';
    },
  };
}

/** Whether the worktree has changes that no branch has: what could not be committed, is in a repository inside of it, or was written by checks. */
async function isUnsaved(git: Git, { worktree, workspace }: RunPaths): Promise<boolean> {
  // What was done in such a repository is in it alone.
  if (isRepositoryItself(worktree)) return true;
  const known = findJson(workspace) as Partial<Workspace> | undefined;
  const options = { env: known?.env ?? {} };
  const status = await git(worktree, ['status', '--porcelain', '--untracked-files=normal'], options);
  if (!status.isOk || status.stdout !== '') return true;
  const containing = await git(worktree, [
    'for-each-ref',
    '--count=1',
    '--contains=HEAD',
    'refs/heads',
    'refs/remotes',
  ]);
  if (!containing.isOk || containing.stdout === '') return true;
  const nested = await findNestedWork(git, worktree, known?.baseCommit ?? 'HEAD', options);
  return nested === undefined || nested.length > 0;
}

const blockBytes = 4096;

/** What a folder takes on the disk, in bytes, as far as sizes tell; 0 where it is not there. */
async function diskUse(folder: string): Promise<number> {
  const pending = [folder];
  let blocks = 0;
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const entries = await opendir(path).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) pending.push(inside);
      // What is deleted while it is measured takes nothing. Blocks that a file system still has to give are not told.
      blocks += Math.ceil(((await lstat(inside).catch(() => undefined))?.size ?? 0) / blockBytes);
    }
  }
  return blocks * blockBytes;
}
