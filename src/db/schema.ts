import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

import type { Membership } from '../model/access.ts';
import type { AttemptReport, AttemptRequest } from '../model/attempt.ts';
import type { Check } from '../model/check.ts';
import type { HoldCause } from '../model/hold.ts';
import type { BrokenCommand } from '../model/grammar/read-broken.ts';
import type { FieldFault } from '../model/job-form.ts';
import type { RunSettings } from '../model/job.ts';
import type { Control, Inline, Message } from '../model/message.ts';
import type { AttemptCause } from '../model/outcome.ts';
import type { RunSpec, RunStatus, RunTrigger } from '../model/run.ts';
import type { Schedule } from '../model/schedule/schedule.ts';

export * from './schema-agenda.ts';
export * from './schema-web.ts';

/** An instant: a `Date` in code, integer milliseconds UTC in the table. */
const instant = (name: string) => integer(name, { mode: 'timestamp_ms' });
const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>();

export const jobs = sqliteTable(
  'jobs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    name: text('name').notNull(),
    goal: text('goal').notNull(),
    project: text('project').notNull(),
    checks: json<Check[]>('checks').notNull(),
    schedule: json<Schedule>('schedule'),
    settings: json<RunSettings>('settings').notNull(),
    channel: text('channel').notNull(),
    owner: text('owner').notNull(),
    /** Who scheduled it, where it has another owner since. */
    scheduledBy: text('scheduled_by'),
    isPaused: integer('is_paused', { mode: 'boolean' }).notNull().default(false),
    pausedUntil: instant('paused_until'),
    createdAt: instant('created_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  // A deleted job keeps its row as long as there are runs of it, and frees its name: its row is renamed `name~id`.
  (table) => [
    uniqueIndex('jobs_name').on(table.name),
    index('jobs_project').on(table.project, table.name),
    index('jobs_paused_until').on(table.pausedUntil),
    index('jobs_deleted')
      .on(table.deletedAt)
      .where(sql`"deleted_at" is not null`),
  ],
);

export const occurrenceStates = ['planned', 'ran', 'skipped', 'missed'] as const;

export const occurrences = sqliteTable(
  'occurrences',
  {
    jobId: integer('job_id')
      .notNull()
      .references(() => jobs.id),
    dueAt: instant('due_at').notNull(),
    state: text('state', { enum: occurrenceStates }).notNull(),
    reason: text('reason'),
    runId: integer('run_id'),
    settledAt: instant('settled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.dueAt] }),
    index('occurrences_due').on(table.state, table.dueAt),
    index('occurrences_not_run')
      .on(table.jobId, table.dueAt)
      .where(sql`"state" in ('skipped', 'missed')`),
    index('occurrences_planned')
      .on(table.jobId)
      .where(sql`"state" = 'planned'`),
  ],
);

export const runs = sqliteTable(
  'runs',
  {
    /** `r142`. */
    id: integer('id').primaryKey({ autoIncrement: true }),
    jobId: integer('job_id')
      .notNull()
      .references(() => jobs.id),
    /** What the job said when the run was queued: a later change of the job touches no run. */
    spec: json<RunSpec>('spec').notNull(),
    /** `spec.project`, to look for. */
    project: text('project').notNull(),
    trigger: text('trigger').$type<RunTrigger>().notNull(),
    dueAt: instant('due_at'),
    requestedBy: text('requested_by'),
    retryOf: integer('retry_of'),
    note: text('note'),
    /** It starts when the older runs of its job have ended. */
    waitsForOlder: integer('waits_for_older', { mode: 'boolean' }).notNull().default(false),
    status: text('status').$type<RunStatus>().notNull(),
    reason: json<Inline[]>('reason'),
    /** Why a queued or deferred run waits. */
    waitReason: json<Inline[]>('wait_reason'),
    cancelledBy: text('cancelled_by'),
    currentAttemptId: text('current_attempt_id'),
    /** Attempts that count against `spec.settings.retries`. */
    attemptsUsed: integer('attempts_used').notNull().default(0),
    overloads: integer('overloads').notNull().default(0),
    /** Until when a deferred run waits, or a queued one that a hold keeps; `null`: no instant ends the wait. */
    deferredUntil: instant('deferred_until'),
    costUsd: real('cost_usd').notNull().default(0),
    queuedAt: instant('queued_at').notNull(),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('runs_project').on(table.project, table.id),
    index('runs_job').on(table.jobId, table.id),
    index('runs_live')
      .on(table.jobId)
      .where(sql`"status" in ('queued', 'running', 'deferred')`),
    index('runs_status').on(table.status, table.queuedAt),
    index('runs_newest_of_status').on(table.status, table.id),
    index('runs_retry_of').on(table.retryOf),
    index('runs_ended').on(table.endedAt),
    index('runs_ended_of_job')
      .on(table.jobId, table.id)
      .where(sql`"ended_at" is not null`),
  ],
);

export const attempts = sqliteTable(
  'attempts',
  {
    /** `r142-1`: the fencing token of its run while it is the current one. */
    id: text('id').primaryKey(),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id),
    /** Counts launches of the run from 1. */
    number: integer('number').notNull(),
    request: json<AttemptRequest>('request').notNull(),
    report: json<AttemptReport>('report'),
    cause: text('cause').$type<AttemptCause>(),
    reason: json<Inline[]>('reason'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    costUsd: real('cost_usd'),
    turns: integer('turns'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    cacheReadTokens: integer('cache_read_tokens'),
    cacheWriteTokens: integer('cache_write_tokens'),
    toolCalls: integer('tool_calls'),
    sessionId: text('session_id'),
    model: text('model'),
    cliVersion: text('cli_version'),
    keySource: text('key_source'),
  },
  (table) => [uniqueIndex('attempts_run').on(table.runId, table.number)],
);

/** What each run that began left on the disk, and what of it was deleted. */
export const runFiles = sqliteTable(
  'run_files',
  {
    runId: integer('run_id')
      .primaryKey()
      .references(() => runs.id),
    hasLogs: integer('has_logs', { mode: 'boolean' }).notNull().default(true),
    hasWorktree: integer('has_worktree', { mode: 'boolean' }).notNull(),
    hasBranch: integer('has_branch', { mode: 'boolean' }).notNull(),
    /** What they take, measured once the run has ended. */
    logsBytes: integer('logs_bytes'),
    worktreeBytes: integer('worktree_bytes'),
    /** When nightdesk deleted them. */
    logsDeletedAt: instant('logs_deleted_at'),
    worktreeDeletedAt: instant('worktree_deleted_at'),
    branchDeletedAt: instant('branch_deleted_at'),
    /** When it was last asked whether another branch has the work. */
    branchLookedAt: instant('branch_looked_at'),
  },
  (table) => [
    index('run_files_logs')
      .on(table.runId)
      .where(sql`"has_logs" = 1`),
    index('run_files_worktrees')
      .on(table.runId)
      .where(sql`"has_worktree" = 1`),
    index('run_files_branches')
      .on(table.runId)
      .where(sql`"has_branch" = 1`),
  ],
);

/** One row for each message that is edited in place: the newest `body` wins. `key` is `job:7` or `run:142`. */
export const views = sqliteTable(
  'views',
  {
    key: text('key').primaryKey(),
    /** Order among all that is told in a channel. */
    sequence: integer('sequence').notNull(),
    channel: text('channel').notNull(),
    body: json<Message>('body').notNull(),
    revision: integer('revision').notNull(),
    /** When it was written first. */
    writtenAt: instant('written_at').notNull(),
    deliveredRevision: integer('delivered_revision').notNull().default(0),
    messageRef: text('message_ref'),
    /** Its first message was deleted, and it has got another one. */
    isPostedAnew: integer('is_posted_anew', { mode: 'boolean' }).notNull().default(false),
    editedAt: instant('edited_at'),
    /** What the platform noted of a delivery that is under way. */
    noted: text('noted'),
    failures: integer('failures').notNull().default(0),
    tryAt: instant('try_at').notNull(),
    lastError: text('last_error'),
  },
  (table) => [
    index('views_message_ref').on(table.messageRef),
    index('views_sequence').on(table.sequence),
    // Few views wait at a time, and every delivery looks for them.
    index('views_undelivered')
      .on(table.channel, table.sequence)
      .where(sql`"delivered_revision" < "revision"`),
  ],
);

/** Messages that are posted once, in order. */
export const messages = sqliteTable(
  'messages',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    key: text('key').notNull(),
    channel: text('channel').notNull(),
    /** The view in whose thread it is posted. */
    threadOf: text('thread_of').references(() => views.key),
    body: json<Message>('body').notNull(),
    attachments: json<{ name: string; path: string }[]>('attachments').notNull(),
    mention: text('mention'),
    messageRef: text('message_ref'),
    writtenAt: instant('written_at').notNull(),
    deliveredAt: instant('delivered_at'),
    /** What the platform noted of a delivery that is under way. */
    noted: text('noted'),
    failures: integer('failures').notNull().default(0),
    tryAt: instant('try_at').notNull(),
    lastError: text('last_error'),
  },
  (table) => [
    uniqueIndex('messages_key').on(table.key),
    index('messages_undelivered')
      .on(table.channel, table.sequence)
      .where(sql`"delivered_at" is null`),
    index('messages_delivered').on(table.deliveredAt),
    // SQLite looks for the messages of each view that is deleted.
    index('messages_thread').on(table.threadOf),
  ],
);

/** Ids of events that came from a platform, so that a redelivery acts once. */
export const inbox = sqliteTable(
  'inbox',
  {
    eventId: text('event_id').primaryKey(),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [index('inbox_received').on(table.receivedAt)],
);

/** A `schedule` or `edit` that was refused, kept for its person to mend. */
export const drafts = sqliteTable(
  'drafts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** A command that is delivered again is the same draft. */
    eventId: text('event_id').notNull(),
    person: text('person').notNull(),
    channel: text('channel').notNull(),
    text: text('text').notNull(),
    /** The job that an `edit` named. */
    jobId: integer('job_id').references(() => jobs.id),
    /** What could be read of the text. */
    read: json<BrokenCommand>('read').notNull(),
    /** What it was refused for. */
    faults: json<FieldFault[]>('faults').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [uniqueIndex('drafts_event').on(table.eventId), index('drafts_expiry').on(table.expiresAt)],
);

/** Reactions that act after a moment, in which they can be taken back. */
export const reactions = sqliteTable(
  'reactions',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    runId: integer('run_id').notNull(),
    control: text('control').$type<Control>().notNull(),
    person: text('person').notNull(),
    channel: text('channel').notNull(),
    eventId: text('event_id').notNull(),
    /** What was known of the person when they reacted. */
    membership: json<Membership>('membership').notNull(),
    actsAt: instant('acts_at').notNull(),
  },
  (table) => [
    uniqueIndex('reactions_one').on(table.runId, table.control, table.person),
    index('reactions_due').on(table.actsAt),
  ],
);

/** What kept every run from working: at most one for each cause has not ended. */
export const holds = sqliteTable(
  'holds',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    cause: text('cause').$type<HoldCause>().notNull(),
    /** The run that found out. */
    runId: integer('run_id').notNull(),
    /** Where it was told, and its end will be. */
    channel: text('channel').notNull(),
    since: instant('since').notNull(),
    /** When it ends by itself; `null`: when a person says so. */
    until: instant('until'),
    /** Whether Claude Code said when; else `until` is when it is tried again. */
    isUntilKnown: integer('is_until_known', { mode: 'boolean' }).notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [index('holds_ended').on(table.endedAt)],
);

/** Faults of the host, each told once while it lasts. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** What is at fault: `disk`, `project:api`. */
    key: text('key').notNull(),
    since: instant('since').notNull(),
    /** Where it was told, and its end will be; `null` before that. */
    channel: text('channel'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    uniqueIndex('alerts_active')
      .on(table.key)
      .where(sql`"ended_at" is null`),
  ],
);

/** For each channel that gets a digest: the next one, and how far the last one reached. */
export const digests = sqliteTable('digests', {
  channel: text('channel').primaryKey(),
  dueAt: instant('due_at').notNull(),
  /** What ended later is for the next one; `null` before the first. */
  toldUntil: instant('told_until'),
});

/** One row: the latest time that the bell has seen, to know a clock that was set back. */
export const clock = sqliteTable('clock', {
  id: integer('id').primaryKey(),
  latestAt: instant('latest_at').notNull(),
  /** While jobs are planned again after a step back: the one that was looked at last. */
  replannedTo: integer('replanned_to'),
});

/** Who did what, when, from where. */
export const audit = sqliteTable('audit', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  at: instant('at').notNull(),
  person: text('person').notNull(),
  channel: text('channel').notNull(),
  act: text('act').notNull(),
  target: text('target'),
  /** The platform's id of what the person did. */
  eventId: text('event_id').notNull(),
});
