import { setImmediate as nextTurn } from 'node:timers/promises';

import type { AttemptRequest } from '../model/attempt.ts';
import type { AttemptCommands } from './attempt-commands.ts';
import type { CommandLimits } from './command-request.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { Git } from './git.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { AttemptPaths, RunPaths } from './paths.ts';
import type { ProgressReporter } from './progress.ts';
import type { OutputMask } from './read-output.ts';

/** How Claude Code is called. */
export interface ClaudeSettings {
  /** The program and what stands before its arguments: `['claude']`. */
  command: string[];
  /** All that the child's environment holds. */
  env: Record<string, string>;
  permissionMode: string;
  allowedTools: string[];
  /** Where a job names none. */
  model?: string | undefined;
  /** For one call of the judge; 10 minutes unless given. */
  judgeTimeoutMs?: number | undefined;
}

export interface RunnerLimits extends Omit<CommandLimits, 'timeoutMs'> {
  setupTimeoutMs: number;
  checkTimeoutMs: number;
  fetchTimeoutMs: number;
  pushTimeoutMs: number;
}

/** One attempt at work: its request, where its files are, and what its steps share. */
export interface Attempt {
  request: AttemptRequest;
  paths: AttemptPaths;
  runPaths: RunPaths;
  claude: ClaudeSettings;
  limits: RunnerLimits;
  git: Git;
  lock: KeyedLock;
  mask: OutputMask;
  commands: AttemptCommands;
  progress: ProgressReporter;
  /** Aborted when somebody cancels. */
  cancel: AbortSignal;
  /** Aborted when the runner lets go. */
  stop: AbortSignal;
  /** Sentences for the report. */
  remarks: string[];
  /** Bytes of the transcript that are written: each step of Claude Code has its section behind the one before. */
  transcriptBytes: number;
  now: () => Date;
  uuid: () => string;
}

/**
 * Does a step once: its result and what it remarked are recorded, so that after a restart the attempt goes on behind it.
 * For what no supervised command does.
 */
export async function once<T>(
  attempt: Pick<Attempt, 'paths' | 'remarks'>,
  name: string,
  work: (remark: (sentence: string) => void) => T | Promise<T>,
): Promise<T> {
  const path = attempt.paths.memo(name);
  const known = findJson(path) as { value: T; remarks: string[] } | undefined;
  if (known !== undefined) {
    attempt.remarks.push(...known.remarks);
    return known.value;
  }
  const remarks: string[] = [];
  const value = await work((sentence) => remarks.push(sentence));
  writeDurably(path, JSON.stringify({ value, remarks }));
  // A slow disk keeps the event loop for each file; in between, others have their turn.
  await nextTurn();
  attempt.remarks.push(...remarks);
  return value;
}
