import { existsSync } from 'node:fs';

import Database from 'better-sqlite3';

/** What is read of the store, by SQL of its own: the bot's queries are what is tested. */
export interface OccurrenceRow {
  job: string;
  jobId: number;
  dueAt: number;
  state: string;
  runId: number | null;
}
export interface RunRow {
  id: number;
  job: string;
  jobId: number;
  status: string;
  waitReason: string | null;
  trigger: string;
  dueAt: number | null;
  cancelledBy: string | null;
}
export interface AttemptRow {
  id: string;
  runId: number;
  number: number;
  cause: string | null;
  startedAt: number;
  endedAt: number | null;
  report: string | null;
}
export interface ToldRow {
  key: string;
  channel: string;
  threadOf: string | null;
  attachments: string;
  isDelivered: number;
}

export interface StoreContent {
  integrity: string[];
  occurrences: OccurrenceRow[];
  runs: RunRow[];
  attempts: AttemptRow[];
  messages: ToldRow[];
  views: ToldRow[];
  /** What people did, oldest first. */
  acts: { act: string; target: string | null; at: number }[];
}

/** Everything that the checks look at, in one read-only look. */
export function readStore(path: string, { isWhole }: { isWhole: boolean }): StoreContent {
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  const all = <T>(sql: string): T[] => db.prepare<[], T>(sql).all();
  try {
    return {
      integrity: isWhole
        ? [
            ...all<{ integrity_check: string }>('PRAGMA integrity_check').map((row) => row.integrity_check),
            ...all('PRAGMA foreign_key_check').map((row) => JSON.stringify(row)),
          ]
        : [],
      occurrences: all(
        `SELECT j.name AS job, job_id AS jobId, due_at AS dueAt, state, run_id AS runId
         FROM occurrences JOIN jobs j ON j.id = job_id ORDER BY job_id, due_at`,
      ),
      runs: all(
        `SELECT r.id, j.name AS job, job_id AS jobId, status, wait_reason AS waitReason, "trigger", due_at AS dueAt, cancelled_by AS cancelledBy
         FROM runs r JOIN jobs j ON j.id = job_id ORDER BY r.id`,
      ),
      attempts: all(
        `SELECT id, run_id AS runId, number, cause, started_at AS startedAt, ended_at AS endedAt, report
         FROM attempts ORDER BY run_id, number`,
      ),
      messages: all(
        `SELECT key, channel, thread_of AS threadOf, attachments, delivered_at IS NOT NULL AS isDelivered FROM messages`,
      ),
      views: all(
        `SELECT key, channel, NULL AS threadOf, '[]' AS attachments, delivered_revision >= revision AS isDelivered FROM views`,
      ),
      acts: all('SELECT act, target, at FROM audit ORDER BY id'),
    };
  } finally {
    db.close();
  }
}

export type RunningAttempt = Pick<AttemptRow, 'id' | 'runId' | 'number'>;

/** The attempts that have no outcome. None where the bot has no store yet. */
export function readRunningAttempts(path: string): RunningAttempt[] {
  if (!existsSync(path)) return [];
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    return db
      .prepare<[], RunningAttempt>('SELECT id, run_id AS runId, number FROM attempts WHERE ended_at IS NULL')
      .all();
  } finally {
    db.close();
  }
}

/** Makes it as if the host had slept: what was planned for the job falls due `minutes` earlier. Only while no bot runs. */
export function letTimePass(path: string, job: string, minutes: number): void {
  const db = new Database(path, { timeout: 5_000 });
  try {
    db.prepare(
      `UPDATE occurrences SET due_at = due_at - ? WHERE state = 'planned'
       AND job_id = (SELECT id FROM jobs WHERE name = ?)
       AND NOT EXISTS (SELECT 1 FROM occurrences earlier WHERE earlier.job_id = occurrences.job_id AND earlier.state <> 'planned')`,
    ).run(minutes * 60_000, job);
  } finally {
    db.close();
  }
}
