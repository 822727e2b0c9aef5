import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Reads a growing file from its start, and again in the same way after a restart. */
export interface TimedFollower {
  /** Reads what came since the last time, and goes on while much more comes. */
  readOn(): Promise<void>;
  close(): void;
}

const chunkBytes = 64 * 1024;
/** Timers and signals get their turn after so much. */
const burstBytes = 1024 * 1024;

/**
 * Follows a file whose lines have no times of their own. What was there at which time is kept in `timesPath` before it is
 * handed on, so that another follower of the same file hands on the same bytes with the same times. The chunk is used
 * again afterwards. Either file may not be there yet.
 */
export function createTimedFollower(options: {
  path: string;
  timesPath: string;
  now: () => Date;
  onBytes: (chunk: Buffer, atMs: number) => void;
}): TimedFollower {
  const { path, timesPath, now, onBytes } = options;
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const known = readTimes(timesPath);
  let fd: number | undefined;
  let position = 0;
  let burst = 0;

  async function readUntil(file: number, end: number, atMs: number): Promise<void> {
    while (position < end) {
      const count = readSync(file, buffer, 0, Math.min(chunkBytes, end - position), position);
      if (count === 0) return;
      position += count;
      onBytes(buffer.subarray(0, count), atMs);
      burst += count;
      if (burst < burstBytes) continue;
      burst = 0;
      await nextTurn();
    }
  }

  return {
    async readOn() {
      fd ??= openIfThere(path);
      if (fd === undefined) return;
      for (const { end, atMs } of known.splice(0)) await readUntil(fd, end, atMs);
      let { size } = fstatSync(fd);
      if (size <= position) return;
      do {
        const atMs = now().getTime();
        appendFileSync(timesPath, `${JSON.stringify([size, atMs])}\n`, { mode: 0o600 });
        await readUntil(fd, size, atMs);
        ({ size } = fstatSync(fd));
        // Of a file that grows fast much has come meanwhile: who waited now would stay as far behind.
      } while (size - position >= burstBytes);
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function readTimes(path: string): { end: number; atMs: number }[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    const [, end, atMs] = /^\[(\d+),(\d+)\]$/.exec(line) ?? [];
    return end === undefined ? [] : [{ end: Number(end), atMs: Number(atMs) }];
  });
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
