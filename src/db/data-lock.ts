import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import Database from 'better-sqlite3';

import { makeFolder } from '../make-folder.ts';
import { UserError } from '../model/user-error.ts';
import { refuseOddFile } from '../read-plain-file.ts';

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
  try {
    makeFolder(directory);
  } catch (error) {
    throw unusable(directory, error);
  }
  const holderPath = path.join(directory, 'lock-holder.txt');
  const client = openLock(path.join(directory, 'lock.db'), directory);
  try {
    client.pragma('journal_mode = DELETE');
    client.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    client.close();
    if (!isBusy(error)) throw unusable(directory, error);
    throw new DataDirectoryBusy(
      `${directory} is in use by ${readHolder(holderPath)}. One bot works on a data directory.`,
      {
        cause: error,
      },
    );
  }
  try {
    writeFileSync(holderPath, `${holder}\n`, { mode: 0o600 });
  } catch (error) {
    client.close();
    throw unusable(directory, error);
  }
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

function openLock(file: string, directory: string): Database.Database {
  try {
    refuseOddFile(file);
    return new Database(file, { timeout: 0 });
  } catch (error) {
    throw unusable(directory, error);
  }
}

function unusable(directory: string, cause: unknown): UserError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `${directory} can't be the data directory: ${why}. It has to be a folder that this user may write to; \`dataDirectory\` in nightdesk.yaml names another one.`,
    { cause },
  );
}
