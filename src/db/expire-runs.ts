import { liveStatuses } from '../model/run.ts';
import type { Db } from './open-database.ts';

/** A run that has ended, and when, in milliseconds. */
export interface EndedRun {
  id: number;
  endedAt: number;
}

export type RunExpiry = ReturnType<typeof createRunExpiry>;

/**
 * Finds runs that ended long ago, and deletes them with all that the store has of them. What it may delete is the caller's to know;
 * the functions that delete are for `change()` alone. The indexes are named where SQLite would by itself look at more rows.
 */
export function createRunExpiry({ $client: client }: Db) {
  const isLive = `status IN (${liveStatuses.map((status) => `'${status}'`).join(', ')})`;
  const endedBefore = client.prepare<[number, number, number, number], EndedRun>(
    `SELECT id, ended_at AS endedAt FROM runs INDEXED BY runs_ended
     WHERE ended_at < ? AND (ended_at, id) > (?, ?) ORDER BY ended_at, id LIMIT ?`,
  );
  const ofJob = `FROM runs INDEXED BY runs_ended_of_job WHERE job_id = ? AND ended_at IS NOT NULL`;
  const nthNewest = client
    .prepare<[number, number], number>(`SELECT id ${ofJob} ORDER BY id DESC LIMIT 1 OFFSET ?`)
    .pluck();
  const olderThan = client.prepare<[number, number, number, number], EndedRun>(
    `SELECT id, ended_at AS endedAt ${ofJob} AND id < ? AND id > ? ORDER BY id LIMIT ?`,
  );
  const jobIds = client
    .prepare<[number, number], number>('SELECT id FROM jobs WHERE id > ? ORDER BY id LIMIT ?')
    .pluck();
  const isWanted = client
    .prepare<{ id: number; view: string }, number>(
      `SELECT EXISTS (SELECT 1 FROM runs WHERE id = $id AND (ended_at IS NULL OR ${isLive}))
           OR EXISTS (SELECT 1 FROM run_files WHERE run_id = $id AND (has_logs OR has_worktree OR has_branch))
           OR EXISTS (SELECT 1 FROM reactions WHERE run_id = $id)
           OR EXISTS (SELECT 1 FROM views WHERE "key" = $view AND delivered_revision < revision)
           OR EXISTS (SELECT 1 FROM messages INDEXED BY messages_thread WHERE thread_of = $view AND delivered_at IS NULL)
           OR EXISTS (SELECT 1 FROM messages INDEXED BY messages_key
                      WHERE "key" > $view || ':' AND "key" < $view || ';' AND delivered_at IS NULL)
           OR EXISTS (SELECT 1 FROM messages INDEXED BY messages_key
                      WHERE "key" = 'elsewhere:' || $view AND delivered_at IS NULL)
           OR EXISTS (SELECT 1 FROM messages INDEXED BY messages_key
                      WHERE "key" > 'unreachable:' || $view || ':' AND "key" < 'unreachable:' || $view || ';' AND delivered_at IS NULL)`,
    )
    .pluck();
  const ofRun = ['attempts', 'run_files'].map((table) =>
    client.prepare<[number]>(`DELETE FROM ${table} WHERE run_id = ?`),
  );
  const thread = client.prepare<[string]>('DELETE FROM messages INDEXED BY messages_thread WHERE thread_of = ?');
  const besideThread = client.prepare<{ view: string }>(
    `DELETE FROM messages INDEXED BY messages_key WHERE "key" > $view || ':' AND "key" < $view || ';'`,
  );
  const view = client.prepare<[string]>('DELETE FROM views WHERE "key" = ?');
  const row = client.prepare<[number]>('DELETE FROM runs WHERE id = ?');
  const deletedJobs = client
    .prepare<[number, number], number>(
      `SELECT id FROM jobs INDEXED BY jobs_deleted
       WHERE deleted_at < ?
         AND NOT EXISTS (SELECT 1 FROM runs WHERE job_id = jobs.id)
         AND NOT EXISTS (SELECT 1 FROM occurrences WHERE job_id = jobs.id)
         AND NOT EXISTS (SELECT 1 FROM drafts WHERE job_id = jobs.id)
         AND NOT EXISTS (SELECT 1 FROM views WHERE "key" = 'job:' || jobs.id AND delivered_revision < revision)
         AND NOT EXISTS (SELECT 1 FROM messages INDEXED BY messages_thread
                         WHERE thread_of = 'job:' || jobs.id AND delivered_at IS NULL)
       ORDER BY deleted_at LIMIT ?`,
    )
    .pluck();
  const job = client.prepare<[number]>('DELETE FROM jobs WHERE id = ?');
  return {
    /** Up to `limit` runs that ended before `before`, the longest ended first, behind the run `after`. */
    endedBefore: (before: Date, after: EndedRun, limit: number): EndedRun[] =>
      endedBefore.all(before.getTime(), after.endedAt, after.id, limit),
    /** The oldest of the job's newest `count` ended runs; undefined where it has fewer. */
    oldestOfNewest: (jobId: number, count: number): number | undefined => nthNewest.get(jobId, count - 1),
    /** Up to `limit` ended runs of a job with a smaller number than `than`, oldest first, behind the run `after`. */
    olderThan: (jobId: number, than: number, after: number, limit: number): EndedRun[] =>
      olderThan.all(jobId, than, after, limit),
    /** Jobs, deleted ones too, in the order of their ids, behind the id `after`. */
    jobIds: (after: number, limit: number): number[] => jobIds.all(after, limit),
    /** Whether the run has not ended, left files that are still there, waits for a reaction, or is not told to the end. */
    isWanted: (id: number): boolean => isWanted.get({ id, view: `run:${id}` }) === 1,
    /** Deletes the run with its attempts and all that it told. Returns how many rows these were. */
    deleteRun(id: number): number {
      const key = `run:${id}`;
      return [
        ...ofRun.map((statement) => statement.run(id)),
        thread.run(key),
        besideThread.run({ view: key }),
        view.run(key),
        row.run(id),
      ].reduce((sum, { changes }) => sum + changes, 0);
    },
    /** Deletes up to `limit` jobs that were deleted before `before` and that no row refers to any more. Returns how many. */
    deleteJobs(before: Date, limit: number): number {
      const ids = deletedJobs.all(before.getTime(), limit);
      for (const id of ids) {
        thread.run(`job:${id}`);
        view.run(`job:${id}`);
        job.run(id);
      }
      return ids.length;
    },
  };
}
