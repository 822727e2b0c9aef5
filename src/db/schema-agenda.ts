import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Agenda's jobs, one row each: the fields of Agenda's `JobParameters` under their own names. Instants are integer
 * milliseconds UTC; `data`, `repeatInterval` and `skipDays` are JSON, so that a number stays a number. Written by the
 * backend (src/scheduler/sqlite-backend.ts) and by the alarm writer (alarm-writer.ts).
 */
export const agendaJobs = sqliteTable(
  'agenda_jobs',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    type: text('type', { enum: ['normal', 'single'] }).notNull(),
    priority: integer('priority').notNull(),
    nextRunAt: integer('next_run_at'),
    data: text('data'),
    repeatInterval: text('repeat_interval'),
    repeatTimezone: text('repeat_timezone'),
    repeatAt: text('repeat_at'),
    startDate: integer('start_date'),
    endDate: integer('end_date'),
    skipDays: text('skip_days'),
    disabled: integer('disabled').notNull().default(0),
    fork: integer('fork').notNull().default(0),
    lastModifiedBy: text('last_modified_by'),
    lockedAt: integer('locked_at'),
    lastRunAt: integer('last_run_at'),
    lastFinishedAt: integer('last_finished_at'),
    progress: real('progress'),
    failCount: integer('fail_count'),
    failReason: text('fail_reason'),
    failedAt: integer('failed_at'),
  },
  (table) => [
    // One index for each arm of the claim: what is free and due, and what is locked for too long.
    index('agenda_jobs_due')
      .on(table.name, table.nextRunAt, sql`"priority" desc`)
      .where(sql`"locked_at" is null and "disabled" = 0`),
    index('agenda_jobs_locked')
      .on(table.name, table.lockedAt)
      .where(sql`"locked_at" is not null`),
    uniqueIndex('agenda_jobs_single')
      .on(table.name)
      .where(sql`"type" = 'single'`),
  ],
);

export type AgendaJobRow = typeof agendaJobs.$inferSelect;
