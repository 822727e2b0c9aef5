import type { Check } from './check.ts';

/** `worktree`: a git worktree on a branch of its own. `in-place`: the folder itself, one run at a time. */
export const workspaceKinds = ['worktree', 'in-place'] as const;
export type WorkspaceKind = (typeof workspaceKinds)[number];

/** A directory that the configuration allows, under a short name. */
export interface Project {
  name: string;
  /** Absolute path. */
  path: string;
  workspace: WorkspaceKind;
  /** The branch that runs start from; `undefined`: the remote's default branch, else the current one. */
  base?: string | undefined;
  /** A shell command run in the workspace before attempt 1. */
  setup?: string | undefined;
  /** Untracked files, relative to `path`, that are copied into a worktree. */
  copy: string[];
  /** Tools allowed in addition to those of the configuration's `claude.allowedTools`. */
  allowedTools: string[];
  /** Checks that every job of this project has in addition to its own. */
  checks: Check[];
}
