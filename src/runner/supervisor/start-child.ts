import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

import type { CommandRequest } from '../command-request.ts';
import { codeOf, type CommandFolder } from './command-folder.ts';

export interface Child {
  pid: number;
  /** Resolves when the process itself has ended, whoever still holds its outputs. */
  exited: Promise<{ exitCode: number | null; signal: string | null }>;
}

export class CouldNotStart extends Error {
  override readonly name = 'CouldNotStart';
}

/**
 * Starts the command in a process group of its own. Its outputs are file descriptors of the folder's files: nothing is
 * lost when this process dies. Throws `CouldNotStart` with a sentence for people.
 */
export async function startChild(folder: CommandFolder, request: CommandRequest): Promise<Child> {
  const [command = ''] = request.argv;
  if (command === '') throw new CouldNotStart('No command was given.');
  requireFolder(request.cwd);
  mkdirSync(folder.temporary, { recursive: true, mode: 0o700 });
  const fds = openFiles(folder, request.kind);
  try {
    const child = spawnChild(request, folder.temporary, [fds.stdin, fds.stdout, fds.stderr]);
    const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    if (child.pid !== undefined) return { pid: child.pid, exited };
    const error = await new Promise<Error>((resolve) => {
      child.once('error', resolve);
    });
    throw new CouldNotStart(explain(error, command, request), { cause: error });
  } finally {
    for (const fd of new Set([fds.stdin, fds.stdout, fds.stderr])) closeSync(fd);
  }
}

function spawnChild(request: CommandRequest, temporary: string, stdio: [number, number, number]): ChildProcess {
  const [command = '', ...args] = request.argv;
  try {
    return spawn(command, args, {
      cwd: request.cwd,
      // The cookie marks the whole tree; temporary files stay with the attempt.
      env: { ...request.env, TMPDIR: temporary, NIGHTDESK_COMMAND: request.cookie },
      stdio,
      detached: true,
    });
  } catch (error) {
    // Some failures are thrown and not emitted: a command line that is too long, a NUL byte in it.
    throw new CouldNotStart(`The command ${command} could not be started: ${String(error)}.`, { cause: error });
  }
}

function openFiles(folder: CommandFolder, kind: CommandRequest['kind']) {
  const stdin = openSync(existsSync(folder.prompt) ? folder.prompt : '/dev/null', 'r');
  const stdout = openSync(kind === 'claude' ? folder.stream : folder.output, 'a', 0o600);
  const stderr = kind === 'claude' ? openSync(folder.stderr, 'a', 0o600) : stdout;
  return { stdin, stdout, stderr };
}

function requireFolder(path: string): void {
  // A missing folder and a missing command are the same ENOENT to spawn.
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new CouldNotStart(`The folder ${path} does not exist.`);
  if (!stats.isDirectory()) throw new CouldNotStart(`${path} is not a folder.`);
}

function explain(error: Error, command: string, { cwd, env }: CommandRequest): string {
  const path = env['PATH'] ?? '';
  const folders = command.includes('/') ? ['.'] : path.split(delimiter);
  const found = folders.map((one) => resolve(cwd, one, command)).find((one) => existsSync(one));
  const code = codeOf(error);
  if (code === 'ENOENT' && found !== undefined)
    return `The interpreter that ${found} names in its first line was not found.`;
  if (code === 'ENOENT')
    return command.includes('/')
      ? `The command ${command} does not exist.`
      : `The command ${command} was not found in PATH=${path}.`;
  if (code === 'EACCES' && !isExecutable(found)) return `${found ?? command} is not executable.`;
  return `The command ${command} could not be started: ${error.message}.`;
}

function isExecutable(path: string | undefined): boolean {
  try {
    accessSync(path ?? '', constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
