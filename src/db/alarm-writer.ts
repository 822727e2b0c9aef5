import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** The name under which every alarm is stored, and the only job that the clock defines in Agenda. */
export const alarmJobName = 'alarm';

export interface AlarmWriter {
  /**
   * Writes an alarm that falls due at `at`; a past instant rings at once. Returns its id, for
   * `AlarmClock.alarmsWritten()` after the commit. Throws a RangeError for an invalid date.
   */
  write(at: Date): string;
}

/** Prepares the insert of an alarm, to be used inside a transaction on the same handle. */
export function createAlarmWriter(database: Database): AlarmWriter {
  const findWaiting = database
    .prepare<[string, number], string>(
      `SELECT id FROM agenda_jobs
       WHERE name = ? AND next_run_at = ? AND locked_at IS NULL AND disabled = 0 LIMIT 1`,
    )
    .pluck();
  const insert = database.prepare<[string, string, number]>(
    `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES (?, ?, 'normal', 0, ?)`,
  );
  return {
    write(at) {
      const dueMs = at.getTime();
      if (Number.isNaN(dueMs)) throw new RangeError('An alarm needs a valid instant.');
      // Only an alarm that nobody has claimed may stand for this one: a claimed one is deleted when its ring ends, and
      // the ring may have read the tables before this change. Hence an id of its own, not one made from the instant.
      const waiting = findWaiting.get(alarmJobName, dueMs);
      if (waiting !== undefined) return waiting;
      const id = randomUUID();
      insert.run(id, alarmJobName, dueMs);
      return id;
    },
  };
}
