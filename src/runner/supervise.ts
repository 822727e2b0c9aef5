import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, watch } from 'node:fs';
import { extname, join, resolve } from 'node:path';

import type { CommandOutcome } from '../model/attempt.ts';
import type { CommandRequest } from './command-request.ts';
import { readJsonOrNull, readOutcome, settleLost, settleNotStarted } from './supervisor/settle-command.ts';
import { commandFolder, writeOnce, type CommandFolder } from './supervisor/command-folder.ts';
import { findLive, type ProcessIdentity } from './supervisor/process-table.ts';
import { sendSignal } from './supervisor/send-signal.ts';

/** A command that goes on by itself, watched. */
export interface SupervisedCommand {
  /** Never settles after `detach`. Rejects only on a fault, such as a folder that can't be read. */
  outcome: Promise<CommandOutcome>;
  /** Asks the supervisor to end it; the outcome follows: `terminated` where the disk takes no line. */
  cancel(): void;
  /** Stops watching and leaves everything going. */
  detach(): void;
}

/** Beside the watch on the folder; notices a supervisor that was killed. */
const pollMs = 1_000;

/**
 * Runs a command under a supervisor of its own, or takes up the one that the folder already has: it may run, have ended,
 * or have lost its supervisor. The folder's own request counts then. `prompt` becomes the command's standard input.
 * Throws where the folder can't be written.
 */
export function superviseCommand(path: string, input: { request: CommandRequest; prompt?: string }): SupervisedCommand {
  // The supervisor works in another directory.
  const folder = commandFolder(resolve(path));
  prepare(folder, input);

  const settled = Promise.withResolvers<CommandOutcome>();
  let starting: ChildProcess | undefined;
  let isOver = false;
  /** It was asked for, and could be told to nobody. */
  let isToEnd = false;

  function stop(): void {
    isOver = true;
    clearInterval(timer);
    // A handle that is being closed counts as open for a moment more.
    watcher?.unref();
    watcher?.close();
  }

  function settle(outcome: CommandOutcome | Promise<CommandOutcome>): void {
    stop();
    settled.resolve(outcome);
  }

  /** Runs a step; a fault in it is the outcome's. */
  function guard(step: () => void): void {
    if (isOver) return;
    try {
      step();
    } catch (error) {
      stop();
      settled.reject(error);
    }
  }

  function look(): void {
    const supervisor = readJsonOrNull(folder.supervisor) as ProcessIdentity | null | undefined;
    const isAlive = supervisor !== undefined && supervisor !== null && findLive(supervisor) !== undefined;
    // Read after the supervisor, which may write it and be gone in between.
    const outcome = readOutcome(folder);
    if (outcome !== undefined) return settle(outcome);
    if (supervisor === undefined) start();
    else if (!isAlive) return settle(settleLost(folder));
    if (isToEnd) cancel();
  }

  function cancel(): void {
    try {
      askToEnd(folder, starting);
      isToEnd = false;
    } catch {
      // Nothing can be opened, say: the next look tries again.
      isToEnd = true;
    }
  }

  /** Another bot or call may start one as well: the folder goes to the first that claims it. */
  function start(): void {
    if (starting !== undefined) return;
    starting = startSupervisor(folder);
    const over = (reason: string) =>
      guard(() => {
        // Claimed in its place, so that no other one can still begin.
        if (writeOnce(folder.supervisor, 'null')) settle(settleNotStarted(folder, reason));
        else look();
      });
    starting.once('error', (error) => over(error.message));
    starting.once('exit', (code, signal) => over(`it ended at once with ${signal ?? `exit code ${code}`}`));
  }

  const timer = setInterval(() => guard(look), pollMs);
  const watcher = watchFolder(folder, () => guard(look));
  guard(look);
  return {
    outcome: settled.promise,
    cancel,
    detach: stop,
  };
}

/** The request comes last: where it is, all else is there too. */
function prepare(folder: CommandFolder, input: { request: CommandRequest; prompt?: string }): void {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  if (existsSync(folder.request)) return;
  if (input.prompt !== undefined) writeOnce(folder.prompt, input.prompt);
  writeOnce(folder.request, JSON.stringify(input.request));
}

/** A full disk must not keep anybody from ending what fills it: a signal needs no room. */
function askToEnd(folder: CommandFolder, starting: ChildProcess | undefined): void {
  try {
    appendFileSync(folder.input, `${JSON.stringify({ type: 'cancel' })}\n`, { mode: 0o600 });
  } catch {
    const supervisor = readJsonOrNull(folder.supervisor) as ProcessIdentity | null | undefined;
    if (supervisor == null) starting?.kill('SIGTERM');
    else if (findLive(supervisor) !== undefined) sendSignal(supervisor.pid, 'SIGTERM');
  }
}

function startSupervisor(folder: CommandFolder): ChildProcess {
  // The published package holds it as .js, the checkout as .ts; this file's own ending tells which.
  const ending = extname(import.meta.filename);
  const program = join(import.meta.dirname, 'supervisor', `supervisor${ending}`);
  // Stripping types takes 100 ms of the start; Node keeps the result, where it may write.
  const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'nightdesk');
  const log = openSync(folder.supervisorLog, 'a', 0o600);
  try {
    // In a session of its own, with nothing of ours: neither our signals nor our end reach it, nor do our secrets.
    const child = spawn(process.execPath, ['--disable-sigusr1', program, folder.path], {
      cwd: '/',
      env: ending === '.ts' ? { NODE_COMPILE_CACHE: cache } : {},
      stdio: ['ignore', 'ignore', log],
      detached: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function watchFolder(folder: CommandFolder, onOutcome: () => void) {
  try {
    const watcher = watch(folder.path, (_event, name) => {
      if (name === null || join(folder.path, name) === folder.outcome) onOutcome();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // No inotify instance left: the poll does it.
    return undefined;
  }
}
