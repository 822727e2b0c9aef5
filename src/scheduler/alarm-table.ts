import type { Database } from 'better-sqlite3';
import { alarmJobName, createAlarmWriter } from '../db/alarm-writer.ts';

export interface AlarmTable {
  /** Deletes every alarm and writes one for each of `dueAt`, in one transaction. */
  rewrite(dueAt: Date[]): void;
  write(at: Date): string;
  /** Deletes what was due by `now` and nobody has claimed: one ring is for all of them. */
  takeDue(now: Date): void;
  /** When the next alarm that nobody has claimed falls due, in milliseconds UTC. */
  findNextDueMs(): number | undefined;
}

export function createAlarmTable(database: Database): AlarmTable {
  const writer = createAlarmWriter(database);
  const findOther = database.prepare<[string], string>('SELECT id FROM agenda_jobs WHERE name <> ? LIMIT 1');
  // Without a condition SQLite empties a table at once, however many rows it has.
  const deleteAll = database.prepare('DELETE FROM agenda_jobs');
  const deleteAlarms = database.prepare<[string]>('DELETE FROM agenda_jobs WHERE name = ?');
  const deleteDue = database.prepare<[string, number]>(
    'DELETE FROM agenda_jobs WHERE name = ? AND next_run_at <= ? AND locked_at IS NULL AND disabled = 0',
  );
  const nextDue = database
    .prepare<[string], number | null>(
      'SELECT min(next_run_at) FROM agenda_jobs WHERE name = ? AND locked_at IS NULL AND disabled = 0',
    )
    .pluck();
  const rewrite = database.transaction((dueAt: Date[]) => {
    if (findOther.get(alarmJobName) === undefined) deleteAll.run();
    else deleteAlarms.run(alarmJobName);
    for (const at of dueAt) writer.write(at);
  });
  return {
    rewrite: (dueAt) => rewrite.immediate(dueAt),
    write: (at) => writer.write(at),
    takeDue: (now) => void deleteDue.run(alarmJobName, now.getTime()),
    findNextDueMs: () => nextDue.get(alarmJobName) ?? undefined,
  };
}
