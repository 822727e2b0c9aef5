import { randomUUID } from 'node:crypto';

import type { About } from '../model/about.ts';
import type { AttemptProgress, AttemptRequest } from '../model/attempt.ts';
import type { Attempt, ClaudeSettings, RunnerLimits } from './attempt.ts';
import { createAttemptCommands } from './attempt-commands.ts';
import { createAttemptMask } from './attempt-mask.ts';
import { commandEnv } from './child-env.ts';
import { defaultLimits } from './command-request.ts';
import { createGit } from './git.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { RunnerPaths } from './paths.ts';
import { createProgress } from './progress.ts';
import type { Secret } from './stream/mask.ts';

export interface RunnerOptions {
  /** Absolute. Attempts go under `runs/`, worktrees under `worktrees/`. */
  dataDirectory: string;
  /** Read whenever an attempt is made, which then keeps what it found: its fields may be replaced in between. */
  claude: ClaudeSettings;
  /** Taken out of everything that people may read, with those of `claude.env` and of the projects' `.env` files. */
  secrets: Secret[];
  limits?: Partial<RunnerLimits>;
  now?: () => Date;
  uuid?: () => string;
  /** Told of faults: bugs, a full disk. The attempt's report says so too. */
  onFault: (error: unknown, about?: About) => void;
}

export type CreateAttempt = (
  request: AttemptRequest,
  signals: { cancel: AbortSignal; stop: AbortSignal },
  onProgress: (progress: AttemptProgress) => void,
) => Attempt;

const minute = 60_000;

export const currentTime = (): Date => new Date();

const defaultRunnerLimits: RunnerLimits = {
  ...defaultLimits,
  setupTimeoutMs: 20 * minute,
  checkTimeoutMs: 10 * minute,
  fetchTimeoutMs: 2 * minute,
  pushTimeoutMs: 10 * minute,
};

/** Makes attempts of one runner: they share its locks. Making one throws where reading a `.env` file fails. */
export function attemptFactory(options: RunnerOptions, paths: RunnerPaths): CreateAttempt {
  const { secrets, now = currentTime, uuid = randomUUID } = options;
  const limits = { ...defaultRunnerLimits, ...options.limits };
  const lock = createKeyedLock();
  return (request, signals, onProgress) => {
    const claude = { ...options.claude };
    const attemptPaths = paths.attempt(request.run, request.attempt);
    return {
      request,
      paths: attemptPaths,
      runPaths: paths.run(request.run),
      claude,
      limits,
      git: createGit(commandEnv(claude.env), paths.worktrees),
      lock,
      mask: createAttemptMask(secrets, claude.env, request.project),
      commands: createAttemptCommands(attemptPaths, signals),
      progress: createProgress(request.attemptId, onProgress),
      ...signals,
      remarks: [],
      transcriptBytes: 0,
      now,
      uuid,
    };
  };
}
