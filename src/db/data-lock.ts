import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import Database from 'better-sqlite3';

export interface DataLock {
  release(): void;
}

/** Another bot works on this data directory. `message` names it. */
export class DataDirectoryBusy extends Error {
  override readonly name = 'DataDirectoryBusy';
}

/**
 * Makes `directory` ours for as long as this process lives: an exclusive transaction on a database of its own is held by
 * the kernel through a stop and freed by any end, which a pid file is not. `holder` is what a second bot is told.
 */
export function lockDataDirectory(directory: string, holder: string): DataLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const holderPath = path.join(directory, 'lock-holder.txt');
  const client = new Database(path.join(directory, 'lock.db'), { timeout: 0 });
  try {
    client.pragma('journal_mode = DELETE');
    client.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    client.close();
    if (!isBusy(error)) throw new Error(`The data directory ${directory} can't be locked`, { cause: error });
    throw new DataDirectoryBusy(
      `${directory} is in use by ${readHolder(holderPath)}. One bot works on a data directory.`,
      {
        cause: error,
      },
    );
  }
  writeFileSync(holderPath, `${holder}\n`, { mode: 0o600 });
  return { release: () => client.close() };
}

const isBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';

function readHolder(holderPath: string): string {
  try {
    return readFileSync(holderPath, 'utf8').trim();
  } catch {
    return 'another process';
  }
}
