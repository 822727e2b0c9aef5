import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite, { type Database } from 'better-sqlite3';
import { afterEach } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';

export interface TempDatabases {
  /** A store of this test's own, made by the real migrations. */
  create(): Database;
  /** Another connection to a store, as another process would have it. */
  connect(to: Database): Database;
}

/** For what reports faults where a test expects none: the run fails with the fault. */
export function throwFault(fault: unknown): never {
  throw fault;
}

/** Stores in real files; after each test they are closed and deleted. */
export function tempDatabases(): TempDatabases {
  const opened: Database[] = [];
  const folders: string[] = [];
  afterEach(() => {
    for (const database of opened.splice(0)) database.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  const keep = (database: Database): Database => {
    opened.push(database);
    return database;
  };
  return {
    create() {
      const folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
      folders.push(folder);
      return keep(openDatabase(join(folder, 'store.db')).$client);
    },
    connect: (to) => keep(new BetterSqlite(to.name, { timeout: 0 })),
  };
}
