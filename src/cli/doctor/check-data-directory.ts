import { accessSync, constants, existsSync, lstatSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { amountBytes, formatBytes, isFullFault, slowWriteMs, type DiskAmount } from '../../model/disk.ts';
import { fileFault } from '../../read-plain-file.ts';
import { tryWriting } from '../../try-writing.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

const check = 'data directory';
const fewWorktreesBytes = 2 * 1024 ** 3;

/** Files that hold tokens, goals and results. */
const privateFiles = ['web-tokens.json', 'nightdesk.db', 'bot.json'];

/** The rights of the data directory and of what must be read by nobody else, and the room on its disk. */
export async function checkDataDirectory(path: string, minFree: DiskAmount): Promise<Finding[]> {
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
  const begunMs = performance.now();
  const refused = await tryWriting(place);
  const tookMs = performance.now() - begunMs;
  if (refused !== undefined) return [unwritable(refused)];
  const open = [path, ...privateFiles.map((name) => join(path, name))].filter(isOpenToOthers);
  const rights = open.map((each) =>
    fault(check, `${each} can be read by others`, `chmod ${each === path ? '700' : '600'} ${each}`),
  );
  const isMade = existsSync(path);
  return [
    ...(rights.length > 0 ? rights : [ok(check, isMade ? path : `${path}, made at the first start`)]),
    tookMs >= slowWriteMs ? slow(tookMs) : checkDisk(place, minFree),
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
const makeRoom = 'make room, keep less with `retention`, or set dataDirectory to a larger disk';

/** A disk that met an error makes itself read-only, and the rights of its folders say nothing of that. */
const unwritable = (error: Error): Finding =>
  fault(
    'disk',
    `it can't be written: ${error.message}`,
    isFullFault(error)
      ? makeRoom
      : 'the system log (`dmesg`) says why; stop nightdesk, check and mount the disk again, and start it',
  );

const slow = (tookMs: number): Finding =>
  warning(
    'disk',
    `it is slow: a small file took ${(tookMs / 1000).toFixed(1)} s to be written`,
    'look for what keeps it busy, or set another dataDirectory',
  );

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    // A matter of the disk, and not of rights.
    return (error as NodeJS.ErrnoException).code === 'EROFS';
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
  if (freeBytes < leastBytes) {
    return fault('disk', `${said}, and disk.minFree asks for ${formatBytes(leastBytes)}: no run is started`, makeRoom);
  }
  return freeBytes < fewWorktreesBytes
    ? warning('disk', `${said}, which a few worktrees fill`, makeRoom)
    : ok('disk', said);
}
