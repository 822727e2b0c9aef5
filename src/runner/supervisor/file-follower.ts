import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { codeOf } from './command-folder.ts';

export interface FileFollower {
  /** Reads what came since the last time. Calls that overlap share one reading. */
  readOn(): Promise<void>;
  close(): void;
}

const chunkBytes = 64 * 1024;
/** Timers and signals get their turn after so much, however fast the file grows. */
const burstBytes = 1024 * 1024;

/** Follows a growing file, which may not be there yet. The chunk handed on is used again afterwards. */
export function createFileFollower(path: string, onBytes: (chunk: Buffer) => void): FileFollower {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let fd: number | undefined;
  let isClosed = false;
  let reading: Promise<void> | undefined;

  /** Whether there is more than one burst takes. */
  function readBurst(): boolean {
    if (isClosed) return false;
    fd ??= openIfThere(path);
    if (fd === undefined) return false;
    for (let burst = 0; burst < burstBytes;) {
      const bytes = readSync(fd, buffer);
      if (bytes === 0) return false;
      onBytes(buffer.subarray(0, bytes));
      burst += bytes;
    }
    return true;
  }

  async function readToEnd(): Promise<void> {
    while (readBurst()) await nextTurn();
  }

  return {
    readOn() {
      reading ??= readToEnd().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    close() {
      isClosed = true;
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
