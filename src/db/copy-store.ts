import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import Database from 'better-sqlite3';

import { UserError } from '../model/user-error.ts';
import { refuseOddFile } from '../read-plain-file.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { readMigrationState } from './migration-state.ts';

const keptBeforeUpdates = 3;
const prefix = 'before-update-';
const everyPage = 0x7fffffff;

/** `20261122T021500Z`. */
export const fileStamp = (at: Date): string => at.toISOString().replaceAll(/[-:]|\.\d+/g, '');

/**
 * Copies a store to `to` (0600), as it is at one instant, while others write to it. Rejects with a `UserError` where the copy is
 * not whole.
 */
export async function copyStore(from: string, to: string): Promise<void> {
  try {
    refuseOddFile(from);
  } catch (error) {
    throw new UserError(
      `The store ${from} can't be copied: ${error instanceof Error ? error.message : String(error)}.`,
      { cause: error },
    );
  }
  const client = new Database(from, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    // In one step: a copy in several begins anew whenever the bot writes.
    await client.backup(to, { progress: () => everyPage });
  } finally {
    client.close();
  }
  chmodSync(to, 0o600);
  const copy = new Database(to, { fileMustExist: true });
  // One file, that can be read from where nothing can be written.
  copy.pragma('journal_mode = DELETE');
  copy.close();
  checkStore(to);
}

/** Throws a `UserError` where the store is damaged, is none, or is newer than this program. */
export function checkStore(file: string): void {
  try {
    refuseOddFile(file);
    const client = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const said = client.pragma('quick_check', { simple: true });
      if (said !== 'ok') throw new Error(String(said));
      if (readMigrationState(client, migrationsFolder).isEmpty) throw new Error('it has none of the tables');
    } finally {
      client.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} is no whole store of nightdesk: ${why}.`, { cause: error });
  }
}

/** Copies an open store beside itself before its tables change, and keeps the last three such copies. Returns the copy's path. */
export function copyBeforeUpdate(client: Database.Database, at: Date): string {
  const folder = path.join(path.dirname(client.name), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = path.join(folder, `${prefix}${fileStamp(at)}.db`);
  rmSync(copy, { force: true });
  client.prepare('VACUUM INTO ?').run(copy);
  chmodSync(copy, 0o600);
  const older = readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .slice(0, -keptBeforeUpdates);
  for (const name of older) rmSync(path.join(folder, name));
  return copy;
}
