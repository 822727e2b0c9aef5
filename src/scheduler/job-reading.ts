import { computeJobState, type JobParameters, type JobsOverview, type JobsQueryOptions, type JobsResult } from 'agenda';
import type { Database } from 'better-sqlite3';
import { type AgendaJobRow } from '../db/schema-agenda.ts';
import { filterQuery } from './job-filter.ts';
import { rowColumns, rowToJob } from './job-row.ts';

export interface JobReading {
  getJobById(id: string): JobParameters | null;
  queryJobs(options: JobsQueryOptions | undefined, now: Date): JobsResult;
  getJobsOverview(now: Date): JobsOverview[];
  getDistinctJobNames(): string[];
  /** How many jobs are overdue at `now`. */
  getQueueSize(now: Date): number;
}

/** The reads of Agenda's repository. `queryJobs` and the overview read every row: keep them off hot paths. */
export function createJobReading(database: Database): JobReading {
  const byId = database.prepare<[string], AgendaJobRow>(`SELECT ${rowColumns} FROM agenda_jobs WHERE id = ?`);
  const all = database.prepare<[], AgendaJobRow>(`SELECT ${rowColumns} FROM agenda_jobs ORDER BY name`);
  const names = database.prepare<[], string>('SELECT DISTINCT name FROM agenda_jobs ORDER BY name').pluck();
  const overdue = database.prepare<[number], number>('SELECT count(*) FROM agenda_jobs WHERE next_run_at < ?').pluck();
  return {
    getJobById(id) {
      const row = byId.get(id);
      return row ? rowToJob(row) : null;
    },
    queryJobs(options = {}, now) {
      const { where, values } = filterQuery(options);
      const sql = `SELECT ${rowColumns} FROM agenda_jobs WHERE ${where} ORDER BY ${orderBy(options.sort)}`;
      const rows = database.prepare<Record<string, string>, AgendaJobRow>(sql).all(values);
      const jobs = rows
        .map(rowToJob)
        .map((job) => ({ ...job, state: computeJobState(job, now) }))
        .filter((job) => isInState(job, job.state, options.state));
      const { skip = 0, limit = 0 } = options;
      return { jobs: jobs.slice(skip, limit > 0 ? skip + limit : undefined), total: jobs.length };
    },
    getJobsOverview(now) {
      const overviews = new Map<string, JobsOverview>();
      for (const job of all.all().map(rowToJob)) {
        const overview = overviews.get(job.name) ?? emptyOverview(job.name);
        overviews.set(job.name, overview);
        overview.total += 1;
        overview[computeJobState(job, now)] += 1;
        if (job.disabled) overview.paused += 1;
      }
      return [...overviews.values()];
    },
    getDistinctJobNames: () => names.all(),
    getQueueSize: (now) => overdue.get(now.getTime()) ?? 0,
  };
}

const sortColumns = {
  nextRunAt: 'next_run_at',
  lastRunAt: 'last_run_at',
  lastFinishedAt: 'last_finished_at',
  priority: 'priority',
  name: 'name',
  data: 'data',
} as const satisfies Record<keyof NonNullable<JobsQueryOptions['sort']>, string>;

/** The order that was asked for, by default the latest first as in Agenda's own backends. */
function orderBy(sort: JobsQueryOptions['sort'] = {}): string {
  const keys = Object.keys(sortColumns) as (keyof typeof sortColumns)[];
  const terms = keys
    .filter((key) => sort[key] !== undefined)
    .map((key) => `${sortColumns[key]} ${sort[key] === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`);
  return terms.length > 0 ? terms.join(', ') : 'next_run_at DESC NULLS LAST, last_run_at DESC NULLS LAST';
}

/** "Paused" is no computed state: it is any job that is disabled. */
function isInState(job: JobParameters, state: string, wanted: JobsQueryOptions['state']): boolean {
  if (wanted === undefined) return true;
  return wanted === 'paused' ? job.disabled === true : state === wanted;
}

function emptyOverview(name: string): JobsOverview {
  return { name, total: 0, running: 0, scheduled: 0, queued: 0, completed: 0, failed: 0, repeating: 0, paused: 0 };
}
