import { setTimeout as pause } from 'node:timers/promises';

import { execa } from 'execa';

import { formatDuration } from '../model/duration.ts';

export interface GitOptions {
  /** 5 minutes unless given. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  env?: Record<string, string>;
  /** More output than this ends the command; 16 MB unless given. */
  maxBytes?: number;
}

export interface GitResult {
  /** Exit 0. */
  isOk: boolean;
  /** `undefined` where git was ended or could not be started. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** There was more output than `maxBytes`. */
  isCut: boolean;
  /** Why it failed, in a line for people. */
  failure: string;
}

/** Runs git in a folder. Rejects only with the reason of an aborted signal. */
export type Git = (cwd: string, args: string[], options?: GitOptions) => Promise<GitResult>;

const minute = 60_000;

// nightdesk's own git runs no program that a repository or its owner configured and that could wait for somebody (a
// signature's passphrase) or outlive it (maintenance, the file watcher). Filters stay: LFS files come through them.
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/**
 * Git that never asks and never waits for an answer. It looks for a repository above a worktree no further than
 * `worktrees`: if the worktree's own `.git` is gone, the repository around the data directory is not meant.
 */
export function createGit(env: Record<string, string>, worktrees: string): Git {
  const quietEnv = {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // Empty means: no program is asked for a password.
    GIT_ASKPASS: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CEILING_DIRECTORIES: worktrees,
  };
  return async (cwd, args, options = {}) => {
    options.signal?.throwIfAborted();
    const timeoutMs = options.timeoutMs ?? 5 * minute;
    const result = await execa('git', [...settings, ...args], {
      cwd,
      env: { ...quietEnv, ...options.env },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: timeoutMs,
      killDescendants: true,
      maxBuffer: options.maxBytes ?? 16 * 1024 * 1024,
      stripFinalNewline: false,
      ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    });
    if (result.isCanceled) throw options.signal?.reason ?? result;
    const failure = result.timedOut
      ? `gave up after ${formatDuration(timeoutMs)}`
      : result.code === 'ENOENT'
        ? 'git is not installed on this host, or not on the PATH of the configuration'
        : lastWords(result.stderr);
    return {
      isOk: result.exitCode === 0,
      exitCode: result.exitCode,
      stdout: result.stdout,
      stderr: result.stderr,
      isCut: result.isMaxBuffer,
      failure,
    };
  };
}

/** The line that says why: git's `fatal:` or `error:` line, else its last one. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? 'git gave no reason';
  return line.replace(/^(?:fatal|error): /, '').trim();
}

// A reference that stands where a folder of references is needed is reported as a lock too; waiting doesn't help there.
const isLocked = (stderr: string): boolean =>
  /\.lock': File exists|cannot lock ref|could not lock/i.test(stderr) && !/cannot create/i.test(stderr);

const firstPauseMs = 100;
const tries = 7;

/** Runs git again while another git, the owner's perhaps, holds a lock that it needs: for up to 6 s. */
export async function retryWhileLocked(
  run: () => Promise<GitResult>,
  signal: AbortSignal | undefined,
): Promise<GitResult> {
  let result = await run();
  for (let count = 1; count < tries && !result.isOk && isLocked(result.stderr); count += 1) {
    await pause(firstPauseMs * 2 ** (count - 1), undefined, signal === undefined ? {} : { signal });
    result = await run();
  }
  return result;
}
