import type { Check } from './check.ts';
import type { RunSettings } from './job.ts';

export const liveStatuses = ['queued', 'running', 'deferred'] as const;
export const finalStatuses = [
  'succeeded',
  'unverified',
  'failed',
  'timed-out',
  'stalled',
  'cancelled',
  'lost',
] as const;
export type FinalStatus = (typeof finalStatuses)[number];
export type RunStatus = (typeof liveStatuses)[number] | FinalStatus;

/** What made a run: its schedule, a person's `run`, or a retry that a person asked for. */
export type RunTrigger = 'schedule' | 'hand' | 'retry';

/** Who cancelled a run where no person did: its job was due again, and `overlap` says `cancel`. */
export const nextOccurrence = 'nightdesk:next-occurrence';

/** A job's words as they were when the run was queued. */
export interface RunSpec {
  jobName: string;
  goal: string;
  project: string;
  /** The job's checks and the project's, in this order. */
  checks: Check[];
  settings: RunSettings;
  channel: string;
  owner: string;
}

export type RunEvent =
  | { kind: 'start' }
  /** The next attempt of a running run begins at once. */
  | { kind: 'next-attempt' }
  | { kind: 'defer' }
  /** The instant that a deferred run waited for has come. */
  | { kind: 'due' }
  | { kind: 'end'; status: FinalStatus };

export const isFinal = (status: RunStatus): status is FinalStatus =>
  (finalStatuses as readonly RunStatus[]).includes(status);

export const runLabel = (id: number): string => `r${id}`;

/**
 * The status that follows, or undefined where the event can't happen then: a run starts from the queue, only a running
 * run has a next attempt or is deferred, and a final status stays.
 */
export function nextStatus(from: RunStatus, event: RunEvent): RunStatus | undefined {
  if (isFinal(from)) return undefined;
  switch (event.kind) {
    case 'start':
      return from === 'queued' ? 'running' : undefined;
    case 'next-attempt':
      return from === 'running' ? 'running' : undefined;
    case 'defer':
      return from === 'running' ? 'deferred' : undefined;
    case 'due':
      return from === 'deferred' ? 'queued' : undefined;
    case 'end':
      return event.status === 'cancelled' || event.status === 'failed' || from === 'running' ? event.status : undefined;
  }
}
