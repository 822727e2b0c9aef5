import type { Database } from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';

import { UserError } from '../model/user-error.ts';

export interface MigrationState {
  /** Nothing was written to it yet. */
  isEmpty: boolean;
  /** It has changes of the schema to come. */
  isBehind: boolean;
}

/** How far the store is. Throws a `UserError` where it is further than this program knows. */
export function readMigrationState(client: Database, migrationsFolder: string): MigrationState {
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
  const newest = Math.max(...known);
  const applied = lastApplied(client);
  if (applied !== undefined && applied > newest) {
    throw new UserError(
      `The store ${client.name} was written by a newer nightdesk: its tables are of ${dayOf(applied)}, and this program knows those up to ${dayOf(newest)}. Nothing was changed. Start the newer version again, or put back a copy from before the update with \`nightdesk restore\`: they are in backups/ beside the store.`,
    );
  }
  return { isEmpty: applied === undefined, isBehind: applied === undefined || applied < newest };
}

/** When the newest change of the schema was made that the store has; its table is drizzle's. */
function lastApplied(client: Database): number | undefined {
  const hasTable = client.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get();
  if (hasTable === undefined) return undefined;
  const last = client.prepare<[], number | null>('SELECT max(created_at) FROM __drizzle_migrations').pluck().get();
  return last ?? undefined;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
