import type { JobParameters } from 'agenda';
import type { Database } from 'better-sqlite3';
import type { AgendaJobRow } from '../db/schema-agenda.ts';
import { rowColumns, rowToJob } from './job-row.ts';

interface ClaimRequest {
  jobName: string;
  nextScanAt: Date;
  lockDeadline: Date;
  now: Date;
  lastModifiedBy: string | undefined;
}

export interface JobLocking {
  /** Locks and returns the next job that is free and due by `nextScanAt`, or locked at or before `lockDeadline`. */
  claimNext(request: ClaimRequest): JobParameters | undefined;
  lock(job: JobParameters, now: Date, lastModifiedBy: string | undefined): JobParameters | undefined;
  unlock(job: JobParameters): void;
  unlockAll(ids: string[]): void;
}

// The second arm does not look at `next_run_at`: a one-shot that was running when its process died has none. Each arm
// takes one row from an index of its own; a single condition with OR would walk through everything that is planned.
const claimable = `
  SELECT id FROM (
    SELECT * FROM (
      SELECT id, next_run_at, priority FROM agenda_jobs
      WHERE name = @jobName AND disabled = 0 AND locked_at IS NULL AND next_run_at <= @nextScanAt
      ORDER BY next_run_at, priority DESC LIMIT 1)
    UNION ALL
    SELECT * FROM (
      SELECT id, next_run_at, priority FROM agenda_jobs
      WHERE name = @jobName AND disabled = 0 AND locked_at <= @lockDeadline
      ORDER BY next_run_at NULLS LAST, priority DESC LIMIT 1))
  ORDER BY next_run_at NULLS LAST, priority DESC LIMIT 1`;

/** Who may run a job. Each method is one statement, so it is atomic across processes too. */
export function createJobLocking(database: Database): JobLocking {
  type Values = Record<string, string | number | null>;
  const find = database.prepare<Values, string>(claimable).pluck();
  const claim = database.prepare<Values, AgendaJobRow>(
    `UPDATE agenda_jobs SET locked_at = @now, last_modified_by = coalesce(@lastModifiedBy, last_modified_by)
     WHERE id = (${claimable}) RETURNING ${rowColumns}`,
  );
  const lock = database.prepare<Values, AgendaJobRow>(
    `UPDATE agenda_jobs SET locked_at = @now, last_modified_by = coalesce(@lastModifiedBy, last_modified_by)
     WHERE id = @id AND name = @name AND locked_at IS NULL AND next_run_at IS @nextRunAt AND disabled = 0
     RETURNING ${rowColumns}`,
  );
  const unlock = database.prepare<[string]>(
    'UPDATE agenda_jobs SET locked_at = NULL WHERE id = ? AND next_run_at IS NOT NULL',
  );
  const unlockAll = database.prepare<[string]>(
    'UPDATE agenda_jobs SET locked_at = NULL WHERE id IN (SELECT value FROM json_each(?))',
  );
  return {
    claimNext({ jobName, nextScanAt, lockDeadline, now, lastModifiedBy = null }) {
      const arms = { jobName, nextScanAt: nextScanAt.getTime(), lockDeadline: lockDeadline.getTime() };
      // An UPDATE takes the write lock even when it finds nothing; a scan that finds nothing should not.
      if (find.get(arms) === undefined) return undefined;
      const row = claim.get({ ...arms, now: now.getTime(), lastModifiedBy });
      return row && rowToJob(row);
    },
    lock({ _id: id, name, nextRunAt }, now, lastModifiedBy) {
      if (!id) return undefined;
      const row = lock.get({
        id,
        name,
        nextRunAt: nextRunAt?.getTime() ?? null,
        now: now.getTime(),
        lastModifiedBy: lastModifiedBy ?? null,
      });
      return row && rowToJob(row);
    },
    unlock({ _id: id }) {
      if (id) unlock.run(id);
    },
    unlockAll(ids) {
      if (ids.length > 0) unlockAll.run(JSON.stringify(ids));
    },
  };
}
