import Database from 'better-sqlite3';

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
