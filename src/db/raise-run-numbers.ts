import { existsSync, rmSync } from 'node:fs';

import Database from 'better-sqlite3';

import { refuseOddFile } from '../read-plain-file.ts';

/** The highest run number that the store at `file` has given out; 0 where it can't be read. Leaves the store as it is. */
export function highestRunNumber(file: string): number {
  // SQLite makes these to read, and only who may write takes them away.
  const made = [`${file}-wal`, `${file}-shm`].filter((each) => !existsSync(each));
  try {
    refuseOddFile(file);
    const client = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const highest = client.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'runs'`).pluck().get();
      return typeof highest === 'number' ? highest : 0;
    } finally {
      client.close();
    }
  } catch {
    return 0;
  } finally {
    for (const each of made) rmSync(each, { force: true });
  }
}

/** Has the store at `file` give out no run numbers up to `highest`. */
export function raiseRunNumbers(file: string, highest: number): void {
  const client = new Database(file, { fileMustExist: true });
  try {
    // SQLite has no row for a table that never had one.
    const raise = client.prepare(`UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'runs'`);
    if (raise.run(highest).changes === 0) {
      client.prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', ?)`).run(highest);
    }
    client.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    client.close();
  }
}
