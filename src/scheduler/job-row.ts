import { type JobId, type JobParameters, toJobId } from 'agenda';
import { getTableColumns } from 'drizzle-orm';
import { type AgendaJobRow, agendaJobs } from '../db/schema-agenda.ts';

const columns = Object.entries(getTableColumns(agendaJobs)) as [keyof AgendaJobRow, { name: string }][];

/** What a SELECT or RETURNING must list to give an `AgendaJobRow`. */
export const rowColumns = columns.map(([field, { name }]) => `${name} AS "${field}"`).join(', ');

/** An INSERT of a whole row, its values named after the fields of `AgendaJobRow`. */
export const insertRow = `INSERT INTO agenda_jobs (${columns.map(([, { name }]) => name).join(', ')})
  VALUES (${columns.map(([field]) => `@${field}`).join(', ')})`;

/** Agenda hands over dates that a caller may have written as a string or a number. */
const toMs = (date: Date | null | undefined): number | null => (date ? new Date(date).getTime() : null);

const toJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The row of a job: all fields but `unique`, `uniqueOpts` and `debounceStartedAt`, which this backend refuses. */
export function jobToRow(id: string, job: JobParameters, lastModifiedBy: string | undefined): AgendaJobRow {
  return {
    id,
    name: job.name,
    type: job.type,
    priority: job.priority,
    nextRunAt: toMs(job.nextRunAt),
    data: toJson(job.data),
    repeatInterval: toJson(job.repeatInterval),
    repeatTimezone: job.repeatTimezone ?? null,
    repeatAt: job.repeatAt ?? null,
    startDate: toMs(job.startDate),
    endDate: toMs(job.endDate),
    skipDays: toJson(job.skipDays),
    disabled: job.disabled ? 1 : 0,
    fork: job.fork ? 1 : 0,
    lastModifiedBy: lastModifiedBy ?? job.lastModifiedBy ?? null,
    lockedAt: toMs(job.lockedAt),
    lastRunAt: toMs(job.lastRunAt),
    lastFinishedAt: toMs(job.lastFinishedAt),
    progress: job.progress ?? null,
    failCount: job.failCount ?? null,
    failReason: job.failReason ?? null,
    failedAt: toMs(job.failedAt),
  };
}

/** The job of a row. A field without a value is left out, but for `nextRunAt`: null means "no further run". */
export function rowToJob(row: AgendaJobRow): JobParameters & { _id: JobId } {
  const fields = {
    data: parseJson(row.data),
    repeatInterval: parseJson(row.repeatInterval),
    repeatTimezone: row.repeatTimezone,
    repeatAt: row.repeatAt,
    startDate: toDate(row.startDate),
    endDate: toDate(row.endDate),
    skipDays: parseJson(row.skipDays),
    lastModifiedBy: row.lastModifiedBy,
    lockedAt: toDate(row.lockedAt),
    lastRunAt: toDate(row.lastRunAt),
    lastFinishedAt: toDate(row.lastFinishedAt),
    progress: row.progress,
    failCount: row.failCount,
    failReason: row.failReason,
    failedAt: toDate(row.failedAt),
  };
  const known = Object.entries(fields).filter(
    ([field, value]) => value != null || (field === 'data' && value === null),
  );
  return {
    _id: toJobId(row.id),
    name: row.name,
    type: row.type,
    priority: row.priority,
    nextRunAt: toDate(row.nextRunAt) ?? null,
    disabled: row.disabled === 1,
    fork: row.fork === 1,
    ...(Object.fromEntries(known) as Pick<JobParameters, 'data'>),
  };
}

function toDate(ms: number | null): Date | undefined {
  return ms === null ? undefined : new Date(ms);
}

function parseJson(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}
