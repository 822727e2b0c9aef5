import { chmodSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';

import { UserError } from '../model/user-error.ts';
import * as schema from './schema.ts';

export type Db = BetterSQLite3Database<typeof schema> & { $client: Database.Database };

// The same place beside src/ in a checkout and beside dist/ in the package.
const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Opens the store at `path` (made if absent, 0600) and brings it to the newest schema. Commits survive a power cut as far
 * as the disk keeps its word (`synchronous=FULL`).
 */
export function openDatabase(path: string): Db {
  const isNew = !existsSync(path);
  const client = openFile(path);
  try {
    if (isNew) chmodSync(path, 0o600);
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    // A contended write blocks the event loop for all of this time.
    client.pragma('busy_timeout = 100');
    const db = drizzle(client, { schema });
    migrate(db, { migrationsFolder });
    return db;
  } catch (error) {
    client.close();
    throw unusable(path, error);
  }
}

function openFile(path: string): Database.Database {
  try {
    return new Database(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): UserError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `The store ${path} can't be used: ${why}. Put back a copy of it, or move it away to begin with an empty one.`,
    {
      cause,
    },
  );
}
