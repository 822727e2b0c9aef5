import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder, and those above it, for this user alone. A recursive mkdir of Node 24 never returns where a file system answers
 * ENOENT for a new folder, as /proc does.
 */
export function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) makeFolder(parent);
  mkdirSync(directory, { mode: 0o700 });
}
