import type { Git } from '../git.ts';
import type { KeyedLock } from '../keyed-lock.ts';
import type { RunPaths } from '../paths.ts';

/** Where a run works. Recorded in the run's folder: every attempt of the run works here. */
export interface Workspace {
  v: 1;
  kind: 'worktree' | 'in-place';
  /** Where commands run: the project's folder, or its counterpart in the worktree. */
  path: string;
  /** Where git works: top of the worktree, or the project's folder. */
  root: string;
  branch: string | null;
  /** What the branch is compared with, or the commit that was checked out in place. */
  baseCommit: string | null;
  /** In place: a tree object with the folder's files as they were before the run. */
  startTree: string | null;
  /** Copied files, relative to `root`. */
  copied: string[];
  /** What git needs to know here, for every command of the run. */
  env: Record<string, string>;
}

/** What the makers of a workspace share. */
export interface WorkspaceContext {
  git: Git;
  lock: KeyedLock;
  paths: RunPaths;
  /** The environment of commands: git finds its configuration by it. */
  env: Record<string, string>;
  fetchTimeoutMs: number;
  /** Aborted when the attempt is cancelled or the runner stops. */
  signal: AbortSignal;
  /** Takes a sentence for the report. */
  remark: (sentence: string) => void;
}
