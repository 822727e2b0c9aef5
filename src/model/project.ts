import type { Check } from './check.ts';

/** `worktree`: a git worktree on a branch of its own. `in-place`: the folder itself, one run at a time. */
export const workspaceKinds = ['worktree', 'in-place'] as const;
export type WorkspaceKind = (typeof workspaceKinds)[number];

/** A directory that the configuration allows, under a short name. */
/** When the branch of a run is pushed to the remote of its base: never, once it has succeeded, or after every attempt. */
export const pushRules = ['never', 'success', 'always'] as const;
export type PushRule = (typeof pushRules)[number];

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
  /** `never` where it is left out. */
  push?: PushRule | undefined;
}
