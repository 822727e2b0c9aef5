import type { NotifyRule } from '../model/job.ts';
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
  settings: { timeoutMs: number; retries: number; budgetUsd: number | null; model: string | null; notify: NotifyRule };
  channel: string;
  owner: string;
  /** `until: null` is until somebody resumes it. */
  paused: { until: Instant | null } | null;
  createdAt: Instant;
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
  /** In order. */
  attempts: AttemptJson[];
}

export interface AttemptJson {
  /** Counts from 1. */
  number: number;
  /** How it ended, in one line; `null` while it runs. */
  reason: string | null;
  startedAt: Instant;
  endedAt: Instant | null;
  costUsd: number | null;
  turns: number | null;
  toolCalls: number | null;
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number } | null;
  model: string | null;
  cliVersion: string | null;
  sessionId: string | null;
}

export interface RunFilter {
  /** A job's exact name. */
  job?: string | undefined;
  status?: RunStatus | undefined;
  limit: number;
}

export interface LogRequest {
  person: string;
  run: number;
  attempt: number;
  /** Byte of the transcript to start from. */
  offset: number;
  maxBytes: number;
}

export interface LogPart {
  /** Empty at the end of what there is. */
  bytes: Uint8Array;
  /** Whether more may be written later; looked up before the bytes are read. */
  isLive: boolean;
}

export interface Health {
  isOk: boolean;
  /** Short facts without secrets, names or paths: they are shown without a token. */
  facts: Record<string, string | number | boolean>;
}
