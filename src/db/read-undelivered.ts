import Database from 'better-sqlite3';

import { refuseOddFile } from '../read-plain-file.ts';

export interface Undelivered {
  channel: string;
  /** Messages and views that wait. */
  count: number;
  /** Of the one that was tried most often. */
  failures: number;
  /** Of the same one. */
  lastError: string | null;
  nextTryAt: Date;
}

/** What waits to be told, by channel. Reads the store without writing to it, whatever its schema's age. */
export function readUndelivered(path: string): Undelivered[] {
  refuseOddFile(path);
  const client = new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
  try {
    const rows = client
      .prepare<[], Omit<Undelivered, 'nextTryAt'> & { nextTryAt: number }>(
        `SELECT channel, count(*) AS count, max(failures) AS failures, last_error AS lastError, try_at AS nextTryAt
         FROM (SELECT channel, failures, last_error, try_at FROM messages WHERE delivered_at IS NULL
               UNION ALL SELECT channel, failures, last_error, try_at FROM views WHERE delivered_revision < revision)
         GROUP BY channel ORDER BY channel`,
      )
      .all();
    return rows.map((row) => ({ ...row, nextTryAt: new Date(row.nextTryAt) }));
  } finally {
    client.close();
  }
}
