import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Files of one run, shared by its attempts. */
export interface RunPaths {
  folder: string;
  /** Where the run works and what it was made from. */
  workspace: string;
  /** Exists once the set-up command has succeeded in the workspace. */
  setUpDone: string;
  /** Claude's settings files as they were before it worked here. */
  settings: string;
  /** Patterns that keep the copied files out of every commit. */
  excludes: string;
  /** Top folder of the run's git worktree. */
  worktree: string;
}

/** Files of one attempt. */
export interface AttemptPaths {
  folder: string;
  report: string;
  /** Exists once somebody cancelled the attempt. */
  cancelled: string;
  transcript: string;
  patch: string;
  /** The result of a step that has no folder of its own. */
  memo(name: string): string;
  /** The folder of a supervised command. */
  step(name: string): string;
}

export interface RunnerPaths {
  /** Holds the worktrees of all runs. */
  worktrees: string;
  run(run: number): RunPaths;
  attempt(run: number, attempt: number): AttemptPaths;
}

/** Where everything of the runner lies under the data directory, which is made (0700) where it is missing. */
export function createPaths(dataDirectory: string): RunnerPaths {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  // git tells worktrees by their real path.
  const root = realpathSync(dataDirectory);
  const worktrees = join(root, 'worktrees');

  function run(number: number): RunPaths {
    const folder = join(root, 'runs', `r${number}`);
    return {
      folder,
      workspace: join(folder, 'workspace.json'),
      setUpDone: join(folder, 'set-up-done.json'),
      settings: join(folder, 'claude-settings.json'),
      excludes: join(folder, 'excludes'),
      worktree: join(worktrees, `r${number}`),
    };
  }

  return {
    worktrees,
    run,
    attempt(number, attempt) {
      const folder = join(run(number).folder, String(attempt));
      return {
        folder,
        report: join(folder, 'report.json'),
        cancelled: join(folder, 'cancelled.json'),
        transcript: join(folder, `attempt-${attempt}.log`),
        patch: join(folder, 'changes.patch'),
        memo: (name) => join(folder, `${name}.json`),
        step: (name) => join(folder, name),
      };
    },
  };
}
