import { accessSync, constants, existsSync, lstatSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { amountBytes, formatBytes, type DiskAmount } from '../../model/disk.ts';
import { fileFault } from '../../read-plain-file.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

const check = 'data directory';
const fewWorktreesBytes = 2 * 1024 ** 3;

/** Files that hold tokens, goals and results. */
const privateFiles = ['web-tokens.json', 'nightdesk.db', 'bot.json'];

/** The rights of the data directory and of what must be read by nobody else, and the room on its disk. */
export function checkDataDirectory(path: string, minFree: DiskAmount): Finding[] {
  const odd = whyNoFolder(path);
  if (odd !== undefined) {
    return [fault(check, `${path}: ${odd}`, 'name a folder of this user: dataDirectory: ~/.nightdesk')];
  }
  const place = nearestFolder(path);
  if (!isWritable(place)) {
    return [
      fault(check, `${place} can't be written to by this user`, `give it to this user, or set another dataDirectory`),
    ];
  }
  const open = [path, ...privateFiles.map((name) => join(path, name))].filter(isOpenToOthers);
  const rights = open.map((each) =>
    fault(check, `${each} can be read by others`, `chmod ${each === path ? '700' : '600'} ${each}`),
  );
  const isMade = existsSync(path);
  return [
    ...(rights.length > 0 ? rights : [ok(check, isMade ? path : `${path}, made at the first start`)]),
    checkDisk(place, minFree),
  ];
}

/** Undefined too where nothing is there yet and it can be made. */
function whyNoFolder(path: string): string | undefined {
  try {
    return statSync(path).isDirectory() ? undefined : 'it is not a folder';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return fileFault(error);
    return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : 'it is a link to what is not there';
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isOpenToOthers(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & 0o077) !== 0;
}

/** Worktrees, transcripts and the database stop growing in bad ways once the disk is full. */
function checkDisk(path: string, minFree: DiskAmount): Finding {
  const { bavail, blocks, bsize } = statfsSync(path);
  const leastBytes = amountBytes(minFree, blocks * bsize);
  const freeBytes = bavail * bsize;
  const said = `${formatBytes(freeBytes)} free at ${path}`;
  const toDo = 'make room, keep less with `retention`, or set dataDirectory to a larger disk';
  if (freeBytes < leastBytes) {
    return fault('disk', `${said}, and disk.minFree asks for ${formatBytes(leastBytes)}: no run is started`, toDo);
  }
  return freeBytes < fewWorktreesBytes
    ? warning('disk', `${said}, which a few worktrees fill`, toDo)
    : ok('disk', said);
}
