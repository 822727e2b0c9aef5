import type { NotifyRule } from '../model/job.ts';
import type { CatchUpRule, OverlapRule } from '../model/overlap.ts';
import type { ActionKind, Control, Message } from '../model/message.ts';
import type { RunStatus, RunTrigger } from '../model/run.ts';

/** An instant: `2026-11-23T01:00:00.000Z`. */
type Instant = string;

export interface JobJson {
  name: string;
  goal: string;
  project: string;
  /** As typed with `--accept`: `$ npm test`, or a sentence. */
  checks: string[];
  /** The schedule as a sentence; `null` runs on demand only. */
  schedule: string | null;
  nextAt: Instant | null;
  /** The next instants, soonest first: one in a list, up to five for one job. */
  nextTimes: Instant[];
  settings: {
    timeoutMs: number;
    retries: number;
    budgetUsd: number | null;
    model: string | null;
    notify: NotifyRule;
    overlap: OverlapRule;
    catchUp: CatchUpRule;
    catchUpWithinMs: number;
  };
  channel: string;
  owner: string;
  /** `until: null` is until somebody resumes it. */
  paused: { until: Instant | null } | null;
  createdAt: Instant;
  lastRun: { id: string; status: RunStatus } | null;
}

/** What became of an occurrence that did not run, or a run. */
export type HistoryEntry =
  | { kind: 'run'; run: RunJson }
  | { kind: 'skipped' | 'missed'; dueAt: Instant; reason: string | null };

/** Where a job's history goes on: with runs below a number, and occurrences due before an instant in milliseconds. */
export interface HistoryPlace {
  run: number;
  dueAtMs: number;
}

export interface RunJson {
  /** `r142`. */
  id: string;
  number: number;
  job: string;
  project: string;
  status: RunStatus;
  /** Whether it may still change: queued, running or deferred. */
  isLive: boolean;
  /** One line for people: why it ended so, or why it waits. */
  reason: string | null;
  trigger: RunTrigger;
  requestedBy: string | null;
  /** The run that this one is a retry of. */
  retryOf: string | null;
  /** How many attempts were started. */
  attemptCount: number;
  queuedAt: Instant;
  startedAt: Instant | null;
  endedAt: Instant | null;
  costUsd: number;
  channel: string;
  /** Reference of the run's status message, once it is posted. */
  messageRef: string | null;
}

export interface RunDetailJson extends RunJson {
  goal: string;
  checks: string[];
  branch: string | null;
  /** What the person said who asked for the retry. */
  note: string | null;
  owner: string;
  /** When the occurrence that it is for was due. */
  dueAt: Instant | null;
  /** The job's name today; null where it is deleted. */
  currentJob: string | null;
  /** The runs that retry this one. */
  retries: string[];
  /** What the channel shows of it, in neutral markup: see src/model/message.ts. */
  headline: Message;
  /** What the asker can do to it now. */
  actions: ActionKind[];
  /** Controls that somebody has put on it and that have not acted yet. */
  pending: { control: Control; person: string; actsInMs: number }[];
  /** What it left behind and was deleted since. `text` says so: `its worktree was deleted 7 days after it ended`. */
  deleted: { what: 'logs' | 'worktree' | 'branch'; at: Instant; text: string }[];
  /** In order. */
  attempts: AttemptJson[];
}

/** A check, run once. */
export interface CheckResultJson {
  /** As typed with `--accept`. */
  check: string;
  verdict: 'pass' | 'fail' | 'undecided' | 'not-judged';
  exitCode: number | null;
  reason: string | null;
  durationMs: number;
  /** The last lines of its output. */
  outputEnd: string;
}

export interface AttemptJson {
  /** Counts from 1. */
  number: number;
  /** How it ended: `done`, `check-failed`, `timed-out` and so on; `null` while it runs. */
  cause: string | null;
  /** The same in one line. */
  reason: string | null;
  startedAt: Instant;
  endedAt: Instant | null;
  costUsd: number | null;
  turns: number | null;
  toolCalls: number | null;
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number } | null;
  model: string | null;
  cliVersion: string | null;
  /** Where its key came from; `none` is a subscription, whose cost is that at API prices. */
  keySource: string | null;
  sessionId: string | null;
  checksBefore: CheckResultJson[];
  checksAfter: CheckResultJson[];
  /** The step before Claude that failed. */
  failedStep: { step: string; message: string; output: string } | null;
  /** Against the base; `null` where that is not known. */
  changes: { files: number; insertions: number; deletions: number; names: string[] } | null;
  denials: { tool: string; detail: string }[];
  remarks: string[];
  /** The last that Claude said. */
  words: string;
  hasLog: boolean;
  hasPatch: boolean;
}

export interface JobFilter {
  /** Words that are all in the job's name, goal, project or owner. */
  filter: string;
  /** Only jobs behind this name. */
  after?: string | undefined;
  limit: number;
}

export interface RunFilter {
  /** A job's exact name. */
  job?: string | undefined;
  status?: RunStatus | undefined;
  /** Only runs below this number. */
  before?: number | undefined;
  limit: number;
}

/** A file of an attempt; its secrets are masked. */
export interface FileRequest {
  run: number;
  attempt: number;
  file: 'transcript' | 'patch';
  /** Byte to start from. */
  offset: number;
  maxBytes: number;
}

export interface FilePart {
  /** Empty at the end of what there is. */
  bytes: Uint8Array;
  /** Whether more may be written later; looked up before the bytes are read. */
  isLive: boolean;
}

/** What could not be delivered to a channel so far. */
export interface Undelivered {
  channel: string;
  /** Messages and edits that wait for it. */
  count: number;
  /** The platform's last words. */
  lastError: string | null;
}

/** Short facts without secrets, names or paths: they are shown without a token. */
export type Health = Record<string, string | number | boolean>;

/** What nightdesk needs to do its work, by name, and whether it works. Shown without a token. */
export type Readiness = Record<string, { isOk: boolean; why?: string }>;
