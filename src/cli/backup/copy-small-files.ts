import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Reports, transcripts and patches are smaller; streams of long runs are not. */
const maxFileBytes = 1024 * 1024;
/** Whatever a run's commands put into their `TMPDIR`. */
const temporaryName = 'tmp';

export interface CopiedFiles {
  count: number;
  /** Relative to `from`. */
  leftOut: string[];
}

/** Copies the plain files below `from`, but large ones. What is deleted meanwhile is passed over. */
export function copySmallFiles(from: string, to: string): CopiedFiles {
  const copied: CopiedFiles = { count: 0, leftOut: [] };
  const pending = [from];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of ifThere([], folder, (path) => readdirSync(path, { withFileTypes: true }))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== temporaryName) pending.push(path);
      if (!entry.isFile()) continue;
      const inside = relative(from, path);
      if (ifThere(0, path, (path) => statSync(path).size) > maxFileBytes) {
        copied.leftOut.push(inside);
        continue;
      }
      const target = join(to, inside);
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      copied.count += ifThere(0, path, (path) => {
        copyFileSync(path, target);
        return 1;
      });
    }
  }
  return copied;
}

function ifThere<T>(otherwise: T, path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}
