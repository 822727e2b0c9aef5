import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { commandFolder } from '../../src/runner/supervisor/command-folder.ts';
import { findLive, type ProcessIdentity } from '../../src/runner/supervisor/process-table.ts';
import { readJsonOrNull } from '../../src/runner/supervisor/settle-command.ts';

/** Whether one of the attempt's commands has a living supervisor, and the process `bot` follows it. */
export function isAdopted(attemptFolder: string, bot: number): boolean {
  const followed = readWatched(bot);
  return listCommands(attemptFolder).some((folder) => {
    const supervisor = readJsonOrNull(commandFolder(folder).supervisor) as ProcessIdentity | null | undefined;
    if (supervisor === undefined || supervisor === null || findLive(supervisor) === undefined) return false;
    const inode = statSync(folder, { bigint: true, throwIfNoEntry: false })?.ino;
    return inode !== undefined && followed.has(inode.toString(16));
  });
}

/** The inodes of what a process watches, in hexadecimal: proc_pid_fdinfo(5). */
function readWatched(pid: number): Set<string> {
  const infos = list(`/proc/${pid}/fdinfo`).map((fd) => read(`/proc/${pid}/fdinfo/${fd}`));
  return new Set(
    infos.flatMap((info) => [...info.matchAll(/^inotify wd:\w+ ino:(\w+)/gm)].map(([, inode = '']) => inode)),
  );
}

const listCommands = (path: string): string[] =>
  list(path)
    .map((name) => join(path, name))
    .filter((folder) => existsSync(commandFolder(folder).request));

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It was closed in between.
    return '';
  }
}
