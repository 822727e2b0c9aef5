import { chmodSync, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';

import { UserError } from '../model/user-error.ts';
import { refuseOddFile } from '../read-plain-file.ts';
import { copyBeforeUpdate } from './copy-store.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { readMigrationState } from './migration-state.ts';
import * as schema from './schema.ts';

export type Db = BetterSQLite3Database<typeof schema> & { $client: Database.Database };

export interface OpenOptions {
  /** Those of the program, unless given. */
  migrations?: string;
  now?: () => Date;
}

/**
 * Opens the store at `path` (made if absent, 0600) and brings it to the newest schema; one that has something in it is copied to
 * backups/ beside it before that. Throws a `UserError` for one that is newer than this program. Commits survive a power cut as far
 * as the disk keeps its word (`synchronous=FULL`).
 */
export function openDatabase(path: string, options: OpenOptions = {}): Db {
  const isNew = !existsSync(path);
  if (!isNew) refuseEmptied(path);
  const client = openFile(path);
  try {
    if (isNew) chmodSync(path, 0o600);
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    // A contended write blocks the event loop for all of this time.
    client.pragma('busy_timeout = 100');
    const db = drizzle(client, { schema });
    bringForward(db, options);
    return db;
  } catch (error) {
    client.close();
    throw error instanceof UserError ? error : unusable(path, error);
  }
}

/** SQLite takes an empty file for a new store. Where runs were, one that was emptied would be begun anew over what may be put back. */
function refuseEmptied(path: string): void {
  if (statSync(path).size > 0 || !existsSync(join(dirname(path), 'runs'))) return;
  const why = new Error('it is empty, and there are runs beside it');
  throw unusable(path, why);
}

function bringForward(db: Db, { migrations = migrationsFolder, now = () => new Date() }: OpenOptions): void {
  const { isEmpty, isBehind } = readMigrationState(db.$client, migrations);
  if (!isBehind) return;
  const copy = isEmpty ? undefined : copyOrRefuse(db.$client, now());
  try {
    migrate(db, { migrationsFolder: migrations });
  } catch (error) {
    if (copy === undefined) throw error;
    const { cause } = error as Error;
    const why = cause instanceof Error ? cause.message : String(error);
    throw new UserError(
      `The store ${db.$client.name} could not be brought to this version's tables: ${why}. Nothing was changed, and ${copy} is a copy of it. Start the version from before the update.`,
      { cause: error },
    );
  }
}

function copyOrRefuse(client: Database.Database, at: Date): string {
  try {
    return copyBeforeUpdate(client, at);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The store ${client.name} needs new tables and could not be copied before that: ${why}. Nothing was changed. Make room on its disk, or start the version from before the update.`,
      { cause: error },
    );
  }
}

function openFile(path: string): Database.Database {
  try {
    refuseOddFile(path);
    return new Database(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): UserError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const advice = /^SQLITE_(?:FULL|IOERR|READONLY)/.test(code)
    ? 'Its disk may be full or read-only: `nightdesk doctor` tells. The store itself may be whole.'
    : 'Put back a copy of it with `nightdesk restore`, or move it away to begin with an empty one.';
  return new UserError(`The store ${path} can't be used: ${why}. ${advice}`, { cause });
}
