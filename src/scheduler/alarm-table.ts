import type { Database } from 'better-sqlite3';
import { alarmJobName, createAlarmWriter } from '../db/alarm-writer.ts';

export interface AlarmTable {
  /** Deletes every alarm and writes one for each of `dueAt`, in one transaction. */
  rewrite(dueAt: Date[]): void;
  write(at: Date): string;
  /** When the next alarm that nobody has claimed falls due, in milliseconds UTC. */
  findNextDueMs(): number | undefined;
}

export function createAlarmTable(database: Database): AlarmTable {
  const writer = createAlarmWriter(database);
  const deleteAll = database.prepare<[string]>('DELETE FROM agenda_jobs WHERE name = ?');
  const nextDue = database
    .prepare<[string], number | null>(
      'SELECT min(next_run_at) FROM agenda_jobs WHERE name = ? AND locked_at IS NULL AND disabled = 0',
    )
    .pluck();
  const rewrite = database.transaction((dueAt: Date[]) => {
    deleteAll.run(alarmJobName);
    for (const at of dueAt) writer.write(at);
  });
  return {
    rewrite: (dueAt) => rewrite.immediate(dueAt),
    write: (at) => writer.write(at),
    findNextDueMs: () => nextDue.get(alarmJobName) ?? undefined,
  };
}
