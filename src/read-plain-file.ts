import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';

const partBytes = 64 * 1024;

/** Why a file can't be read, in words for people: `it is a pipe, not a file`. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/**
 * Reads a file whose path people chose. Never waits for a pipe or a device, and never reads without end: one of more than
 * `maxBytes` is refused. Throws an `UnreadableFile`.
 */
export function readPlainFile(path: string, maxBytes: number): Buffer {
  try {
    // Without O_NONBLOCK the open itself waits for whoever may write to a pipe.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readAll(file, maxBytes);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(fileFault(error), { cause: error });
  }
}

function readAll(file: number, maxBytes: number): Buffer {
  const stats = fstatSync(file);
  demandFile(stats);
  if (stats.size > maxBytes) throw new UnreadableFile(`it has ${stats.size.toLocaleString('en')} bytes`);
  // Files of /proc say that they are empty, and may have no end.
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const part = Buffer.alloc(partBytes);
    const count = readSync(file, part, 0, partBytes, null);
    if (count === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, count));
    length += count;
    if (length > maxBytes) throw new UnreadableFile(`it has more than ${maxBytes.toLocaleString('en')} bytes`);
  }
}

function demandFile(stats: Stats): void {
  if (stats.isFile()) return;
  const kind = stats.isDirectory() ? 'folder' : stats.isFIFO() ? 'pipe' : 'device';
  throw new UnreadableFile(`it is a ${kind}, not a file`);
}

/**
 * Throws an `UnreadableFile` where something else is at the path: SQLite would wait for a pipe for ever. What is not there, or can't
 * be looked at, is left to whoever opens it.
 */
export function refuseOddFile(path: string): void {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch {
    return;
  }
  demandFile(stats);
}

const words = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of its path is a file, not a folder'],
  ['EISDIR', 'it is a folder, not a file'],
  ['EACCES', 'this user has no right to it'],
  ['EPERM', 'this user has no right to it'],
  ['ELOOP', 'its symbolic links lead in a circle'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EEXIST', 'something is there already'],
  ['ENOSPC', 'there is no room on its disk'],
  ['EROFS', 'its disk is read-only'],
  ['EAGAIN', 'it has no end'],
  ['ENXIO', 'it is a pipe, not a file'],
]);

/** What the system said of a file, in words for people, with its own code behind it. */
export function fileFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const said = words.get(code ?? '');
  if (said !== undefined) return code === 'ENOENT' ? said : `${said} (${code})`;
  return `the system says ${code ?? (error instanceof Error ? error.message : String(error))}`;
}
