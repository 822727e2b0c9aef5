import { randomUUID } from 'node:crypto';
import type { JobParameters, RemoveJobsOptions } from 'agenda';
import type { Database } from 'better-sqlite3';
import type { AgendaJobRow } from '../db/schema-agenda.ts';
import { type JobFilter, filterJobs } from './job-filter.ts';
import { insertRow, jobToRow, rowColumns, rowToJob } from './job-row.ts';

export interface JobWriting {
  /**
   * With an id: saves what defines the job, and gives the job back as it came when its row is gone. Of type `single`:
   * the same for the job of that name, or a new one. Else a new job. Throws for `unique` and debounce.
   */
  saveJob(job: JobParameters, now: Date, lastModifiedBy: string | undefined): JobParameters;
  /** Saves how the job stands: lock, due time, last run, progress, failures. Throws unless its row is there. */
  saveJobState(job: JobParameters, lastModifiedBy: string | undefined): void;
  /** These give the number of jobs removed or changed; without any criterion nothing is touched. */
  removeJobs(options: RemoveJobsOptions): number;
  setDisabled(options: RemoveJobsOptions, isDisabled: boolean): number;
  purge(): number;
}

const definitionFields = `
  priority = @priority, type = @type, data = @data, repeat_interval = @repeatInterval,
  repeat_timezone = @repeatTimezone, repeat_at = @repeatAt, start_date = @startDate, end_date = @endDate,
  skip_days = @skipDays, disabled = @disabled, fork = @fork,
  last_modified_by = coalesce(@lastModifiedBy, last_modified_by)`;

/** The writes of Agenda's repository. Each method is one statement, so it is atomic across processes too. */
export function createJobWriting(database: Database): JobWriting {
  const insert = database.prepare<AgendaJobRow, AgendaJobRow>(`${insertRow} RETURNING ${rowColumns}`);
  const update = database.prepare<AgendaJobRow, AgendaJobRow>(
    `UPDATE agenda_jobs SET ${definitionFields}, next_run_at = @nextRunAt
     WHERE id = @id AND name = @name RETURNING ${rowColumns}`,
  );
  // `every()` at each start of a process must not put off a job that waits: an instant that has come does not replace one.
  const upsertSingle = database.prepare<AgendaJobRow & { now: number }, AgendaJobRow>(
    `${insertRow} ON CONFLICT (name) WHERE type = 'single' DO UPDATE SET ${definitionFields},
       next_run_at = iif(@nextRunAt <= @now, coalesce(next_run_at, @nextRunAt), @nextRunAt)
     RETURNING ${rowColumns}`,
  );
  const saveState = database.prepare<AgendaJobRow>(
    `UPDATE agenda_jobs SET
       locked_at = @lockedAt, next_run_at = @nextRunAt, last_run_at = @lastRunAt, last_finished_at = @lastFinishedAt,
       progress = @progress, fail_reason = @failReason, fail_count = @failCount, failed_at = @failedAt,
       last_modified_by = coalesce(@lastModifiedBy, last_modified_by)
     WHERE id = @id AND name = @name`,
  );
  const removeById = database.prepare<[string]>('DELETE FROM agenda_jobs WHERE id = ?');
  const purge = database.prepare('DELETE FROM agenda_jobs');
  const change = (sql: (where: string) => string, filter: JobFilter | undefined): number =>
    filter ? database.prepare(sql(filter.where)).run(filter.values).changes : 0;

  return {
    saveJob(job, now, lastModifiedBy) {
      refuseUnsupported(job);
      const { _id: id } = job;
      if (id) {
        const row = update.get(jobToRow(id, job, lastModifiedBy));
        return row ? rowToJob(row) : job;
      }
      const row = jobToRow(randomUUID(), job, lastModifiedBy);
      const saved = job.type === 'single' ? upsertSingle.get({ ...row, now: now.getTime() }) : insert.get(row);
      if (!saved) throw new Error(`Job "${job.name}" was saved, and SQLite returned no row.`);
      return rowToJob(saved);
    },
    saveJobState(job, lastModifiedBy) {
      const { _id: id, name } = job;
      if (!id) throw new Error(`The state of a job "${name}" without an id cannot be saved.`);
      const { changes } = saveState.run(jobToRow(id, job, lastModifiedBy));
      if (changes !== 1) throw new Error(`Job "${name}" (${id}) is not in the database any more.`);
    },
    removeJobs(options) {
      // After each run of a one-shot Agenda removes it by its id alone: worth a prepared statement.
      if (options.id && Object.keys(options).length === 1) return removeById.run(options.id).changes;
      return change((where) => `DELETE FROM agenda_jobs WHERE ${where}`, filterJobs(options));
    },
    setDisabled(options, isDisabled) {
      const flag = isDisabled ? 1 : 0;
      return change(
        (where) => `UPDATE agenda_jobs SET disabled = ${flag} WHERE disabled <> ${flag} AND ${where}`,
        filterJobs(options),
      );
    },
    purge: () => purge.run().changes,
  };
}

function refuseUnsupported(job: JobParameters): void {
  if (job.unique || job.uniqueOpts) {
    throw new Error(`Job "${job.name}": the SQLite backend of nightdesk has no unique() and no debounce().`);
  }
}
