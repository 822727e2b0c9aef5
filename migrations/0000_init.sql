CREATE TABLE `alerts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`since` integer NOT NULL,
	`channel` text,
	`ended_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_active` ON `alerts` (`key`) WHERE "ended_at" is null;--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`run_id` integer NOT NULL,
	`number` integer NOT NULL,
	`request` text NOT NULL,
	`report` text,
	`cause` text,
	`reason` text,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`cost_usd` real,
	`turns` integer,
	`input_tokens` integer,
	`output_tokens` integer,
	`cache_read_tokens` integer,
	`cache_write_tokens` integer,
	`tool_calls` integer,
	`session_id` text,
	`model` text,
	`cli_version` text,
	`key_source` text,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_run` ON `attempts` (`run_id`,`number`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`person` text NOT NULL,
	`channel` text NOT NULL,
	`act` text NOT NULL,
	`target` text,
	`event_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`latest_at` integer NOT NULL,
	`replanned_to` integer
);
--> statement-breakpoint
CREATE TABLE `digests` (
	`channel` text PRIMARY KEY NOT NULL,
	`due_at` integer NOT NULL,
	`told_until` integer
);
--> statement-breakpoint
CREATE TABLE `drafts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`event_id` text NOT NULL,
	`person` text NOT NULL,
	`channel` text NOT NULL,
	`text` text NOT NULL,
	`job_id` integer,
	`read` text NOT NULL,
	`faults` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `drafts_event` ON `drafts` (`event_id`);--> statement-breakpoint
CREATE INDEX `drafts_expiry` ON `drafts` (`expires_at`);--> statement-breakpoint
CREATE TABLE `holds` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`cause` text NOT NULL,
	`run_id` integer NOT NULL,
	`channel` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer,
	`is_until_known` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `holds_ended` ON `holds` (`ended_at`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`event_id` text PRIMARY KEY NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `inbox_received` ON `inbox` (`received_at`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`goal` text NOT NULL,
	`project` text NOT NULL,
	`checks` text NOT NULL,
	`schedule` text,
	`settings` text NOT NULL,
	`channel` text NOT NULL,
	`owner` text NOT NULL,
	`scheduled_by` text,
	`is_paused` integer DEFAULT false NOT NULL,
	`paused_until` integer,
	`created_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_name` ON `jobs` (`name`);--> statement-breakpoint
CREATE INDEX `jobs_project` ON `jobs` (`project`,`name`);--> statement-breakpoint
CREATE INDEX `jobs_paused_until` ON `jobs` (`paused_until`);--> statement-breakpoint
CREATE INDEX `jobs_deleted` ON `jobs` (`deleted_at`) WHERE "deleted_at" is not null;--> statement-breakpoint
CREATE TABLE `messages` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`channel` text NOT NULL,
	`thread_of` text,
	`body` text NOT NULL,
	`attachments` text NOT NULL,
	`mention` text,
	`message_ref` text,
	`written_at` integer NOT NULL,
	`delivered_at` integer,
	`noted` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`try_at` integer NOT NULL,
	`last_error` text,
	FOREIGN KEY (`thread_of`) REFERENCES `views`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_key` ON `messages` (`key`);--> statement-breakpoint
CREATE INDEX `messages_undelivered` ON `messages` (`channel`,`sequence`) WHERE "delivered_at" is null;--> statement-breakpoint
CREATE INDEX `messages_delivered` ON `messages` (`delivered_at`);--> statement-breakpoint
CREATE INDEX `messages_thread` ON `messages` (`thread_of`);--> statement-breakpoint
CREATE TABLE `occurrences` (
	`job_id` integer NOT NULL,
	`due_at` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`run_id` integer,
	`settled_at` integer,
	PRIMARY KEY(`job_id`, `due_at`),
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `occurrences_due` ON `occurrences` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `occurrences_not_run` ON `occurrences` (`job_id`,`due_at`) WHERE "state" in ('skipped', 'missed');--> statement-breakpoint
CREATE INDEX `occurrences_planned` ON `occurrences` (`job_id`) WHERE "state" = 'planned';--> statement-breakpoint
CREATE TABLE `reactions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` integer NOT NULL,
	`control` text NOT NULL,
	`person` text NOT NULL,
	`channel` text NOT NULL,
	`event_id` text NOT NULL,
	`membership` text NOT NULL,
	`acts_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reactions_one` ON `reactions` (`run_id`,`control`,`person`);--> statement-breakpoint
CREATE INDEX `reactions_due` ON `reactions` (`acts_at`);--> statement-breakpoint
CREATE TABLE `run_files` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`has_logs` integer DEFAULT true NOT NULL,
	`has_worktree` integer NOT NULL,
	`has_branch` integer NOT NULL,
	`logs_bytes` integer,
	`worktree_bytes` integer,
	`logs_deleted_at` integer,
	`worktree_deleted_at` integer,
	`branch_deleted_at` integer,
	`branch_looked_at` integer,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `run_files_logs` ON `run_files` (`run_id`) WHERE "has_logs" = 1;--> statement-breakpoint
CREATE INDEX `run_files_worktrees` ON `run_files` (`run_id`) WHERE "has_worktree" = 1;--> statement-breakpoint
CREATE INDEX `run_files_branches` ON `run_files` (`run_id`) WHERE "has_branch" = 1;--> statement-breakpoint
CREATE TABLE `runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`spec` text NOT NULL,
	`project` text NOT NULL,
	`trigger` text NOT NULL,
	`due_at` integer,
	`requested_by` text,
	`retry_of` integer,
	`note` text,
	`waits_for_older` integer DEFAULT false NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`wait_reason` text,
	`cancelled_by` text,
	`current_attempt_id` text,
	`attempts_used` integer DEFAULT 0 NOT NULL,
	`overloads` integer DEFAULT 0 NOT NULL,
	`deferred_until` integer,
	`cost_usd` real DEFAULT 0 NOT NULL,
	`queued_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `runs_project` ON `runs` (`project`,`id`);--> statement-breakpoint
CREATE INDEX `runs_job` ON `runs` (`job_id`,`id`);--> statement-breakpoint
CREATE INDEX `runs_live` ON `runs` (`job_id`) WHERE "status" in ('queued', 'running', 'deferred');--> statement-breakpoint
CREATE INDEX `runs_status` ON `runs` (`status`,`queued_at`);--> statement-breakpoint
CREATE INDEX `runs_newest_of_status` ON `runs` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `runs_retry_of` ON `runs` (`retry_of`);--> statement-breakpoint
CREATE INDEX `runs_ended` ON `runs` (`ended_at`);--> statement-breakpoint
CREATE INDEX `runs_ended_of_job` ON `runs` (`job_id`,`id`) WHERE "ended_at" is not null;--> statement-breakpoint
CREATE TABLE `views` (
	`key` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`channel` text NOT NULL,
	`body` text NOT NULL,
	`revision` integer NOT NULL,
	`written_at` integer NOT NULL,
	`delivered_revision` integer DEFAULT 0 NOT NULL,
	`message_ref` text,
	`is_posted_anew` integer DEFAULT false NOT NULL,
	`edited_at` integer,
	`noted` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`try_at` integer NOT NULL,
	`last_error` text
);
--> statement-breakpoint
CREATE INDEX `views_message_ref` ON `views` (`message_ref`);--> statement-breakpoint
CREATE INDEX `views_sequence` ON `views` (`sequence`);--> statement-breakpoint
CREATE INDEX `views_undelivered` ON `views` (`channel`,`sequence`) WHERE "delivered_revision" < "revision";--> statement-breakpoint
CREATE TABLE `agenda_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`priority` integer NOT NULL,
	`next_run_at` integer,
	`data` text,
	`repeat_interval` text,
	`repeat_timezone` text,
	`repeat_at` text,
	`start_date` integer,
	`end_date` integer,
	`skip_days` text,
	`disabled` integer DEFAULT 0 NOT NULL,
	`fork` integer DEFAULT 0 NOT NULL,
	`last_modified_by` text,
	`locked_at` integer,
	`last_run_at` integer,
	`last_finished_at` integer,
	`progress` real,
	`fail_count` integer,
	`fail_reason` text,
	`failed_at` integer
);
--> statement-breakpoint
CREATE INDEX `agenda_jobs_due` ON `agenda_jobs` (`name`,`next_run_at`,"priority" desc) WHERE "locked_at" is null and "disabled" = 0;--> statement-breakpoint
CREATE INDEX `agenda_jobs_locked` ON `agenda_jobs` (`name`,`locked_at`) WHERE "locked_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `agenda_jobs_single` ON `agenda_jobs` (`name`) WHERE "type" = 'single';--> statement-breakpoint
CREATE TABLE `web_attachments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message` integer,
	`reader` text,
	`name` text NOT NULL,
	`path` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`message`) REFERENCES `web_messages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `web_attachments_message` ON `web_attachments` (`message`);--> statement-breakpoint
CREATE TABLE `web_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`thread` integer,
	`key` text NOT NULL,
	`author` text NOT NULL,
	`message` text NOT NULL,
	`created_at` integer NOT NULL,
	`edited_at` integer,
	FOREIGN KEY (`thread`) REFERENCES `web_messages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `web_messages_key` ON `web_messages` (`key`);--> statement-breakpoint
CREATE INDEX `web_messages_channel` ON `web_messages` (`channel`,`thread`,`id`);--> statement-breakpoint
CREATE INDEX `web_messages_thread` ON `web_messages` (`thread`,`id`);--> statement-breakpoint
CREATE INDEX `web_messages_age` ON `web_messages` (`created_at`) WHERE "thread" is null;--> statement-breakpoint
CREATE TABLE `web_reactions` (
	`message` integer NOT NULL,
	`emoji` text NOT NULL,
	`person` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`message`, `emoji`, `person`),
	FOREIGN KEY (`message`) REFERENCES `web_messages`(`id`) ON UPDATE no action ON DELETE no action
);
