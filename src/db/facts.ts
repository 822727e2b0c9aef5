import { eq } from 'drizzle-orm';

import type { AttemptCause } from '../model/outcome.ts';
import type { RunStatus } from '../model/run.ts';
import type { AlertQueries } from './alerts.ts';
import type { AttemptQueries } from './attempts.ts';
import type { OccurrenceQueries, SettledState } from './occurrences.ts';
import type { Db } from './open-database.ts';
import type { OutboxQueries } from './outbox.ts';
import type { Run, RunQueries } from './runs.ts';
import { jobs, messages } from './schema.ts';

/** What a change did that logs and metrics tell of. Each is as it stood inside of the change. */
export type Fact =
  | { kind: 'run-queued'; run: Run }
  | { kind: 'run-moved'; run: Run; from: RunStatus }
  | { kind: 'attempt-started'; run: Run; attempt: string; number: number; at: Date }
  | { kind: 'attempt-ended'; run: Run; attempt: string; cause: AttemptCause | null }
  | { kind: 'occurrence-settled'; job: string; channel: string; dueAt: Date; state: SettledState; reason: string }
  /** Many at once, from `first` to `last`. */
  | { kind: 'occurrences-missed'; job: string; channel: string; first: Date; last: Date; count: number; reason: string }
  /** `isNew`: a message that was not there before, and no edit of one. */
  | { kind: 'delivered'; key: string; channel: string; writtenAt: Date; at: Date; isNew: boolean }
  | { kind: 'delivery-failed' | 'delivery-refused'; key: string; channel: string }
  | { kind: 'alert-begun' | 'alert-ended'; key: string };

interface Tables {
  runs: RunQueries;
  attempts: AttemptQueries;
  occurrences: OccurrenceQueries;
  outbox: OutboxQueries;
  alerts: AlertQueries;
}

/** The same tables, with what is written to them handed to `note` as facts. */
export function noteFacts<T extends Tables>(db: Db, tables: T, note: (fact: Fact) => void): T {
  return {
    ...tables,
    runs: noteRuns(tables.runs, note),
    attempts: noteAttempts(tables, note),
    occurrences: noteOccurrences(db, tables.occurrences, note),
    outbox: noteDeliveries(db, tables.outbox, note),
    alerts: noteAlerts(tables.alerts, note),
  };
}

function noteRuns(runs: RunQueries, note: (fact: Fact) => void): RunQueries {
  return {
    ...runs,
    insert(given) {
      const run = runs.insert(given);
      note({ kind: 'run-queued', run });
      return run;
    },
    update(id, patch) {
      const from = patch.status === undefined ? undefined : runs.get(id)?.status;
      runs.update(id, patch);
      if (from === undefined || from === patch.status) return;
      const run = runs.get(id);
      if (run !== undefined) note({ kind: 'run-moved', run, from });
    },
  };
}

function noteAttempts({ runs, attempts }: Pick<Tables, 'runs' | 'attempts'>, note: (fact: Fact) => void) {
  return {
    ...attempts,
    insert(attempt: Parameters<AttemptQueries['insert']>[0]) {
      attempts.insert(attempt);
      const { id, runId, number, startedAt } = attempt;
      const run = runs.get(runId);
      if (run !== undefined) note({ kind: 'attempt-started', run, attempt: id, number, at: startedAt });
    },
    end(id: string, end: Parameters<AttemptQueries['end']>[1]) {
      attempts.end(id, end);
      const ended = attempts.get(id);
      const run = ended && runs.get(ended.runId);
      if (run !== undefined) note({ kind: 'attempt-ended', run, attempt: id, cause: ended?.cause ?? null });
    },
  };
}

function noteOccurrences(db: Db, occurrences: OccurrenceQueries, note: (fact: Fact) => void): OccurrenceQueries {
  const jobOf = (id: number): { job: string; channel: string } => {
    const row = db.select({ job: jobs.name, channel: jobs.channel }).from(jobs).where(eq(jobs.id, id)).get();
    return row ?? { job: '', channel: '' };
  };
  return {
    ...occurrences,
    settle(occurrence, state, at, more = {}) {
      const isSettled = occurrences.settle(occurrence, state, at, more);
      if (!isSettled) return false;
      const { jobId, dueAt } = occurrence;
      note({ kind: 'occurrence-settled', ...jobOf(jobId), dueAt, state, reason: more.reason ?? '' });
      return true;
    },
    settleMissed(jobId, dueAt, at, reason) {
      const count = occurrences.settleMissed(jobId, dueAt, at, reason);
      const [first] = dueAt;
      const last = dueAt.at(-1);
      if (count > 0 && first !== undefined && last !== undefined) {
        note({ kind: 'occurrences-missed', ...jobOf(jobId), first, last, count, reason });
      }
      return count;
    },
  };
}

function noteDeliveries(db: Db, outbox: OutboxQueries, note: (fact: Fact) => void): OutboxQueries {
  const find = (key: string) =>
    db
      .select({ channel: messages.channel, writtenAt: messages.writtenAt })
      .from(messages)
      .where(eq(messages.key, key))
      .get();
  return {
    ...outbox,
    messageDelivered(key, ref, at) {
      outbox.messageDelivered(key, ref, at);
      const message = find(key);
      if (message === undefined) return;
      if (ref === null) note({ kind: 'delivery-refused', key, channel: message.channel });
      else note({ kind: 'delivered', key, ...message, at, isNew: true });
    },
    viewDelivered(key, revision, ref, at, nextEditAt) {
      const before = outbox.view(key);
      outbox.viewDelivered(key, revision, ref, at, nextEditAt);
      if (before === undefined) return;
      const { channel, writtenAt, messageRef } = before;
      note({ kind: 'delivered', key, channel, writtenAt, at, isNew: messageRef === null });
    },
    viewRefused(key, revision) {
      outbox.viewRefused(key, revision);
      note({ kind: 'delivery-refused', key, channel: outbox.view(key)?.channel ?? '' });
    },
    failed(kind, key, error, tryAt) {
      outbox.failed(kind, key, error, tryAt);
      const channel = (kind === 'view' ? outbox.view(key) : find(key))?.channel ?? '';
      note({ kind: 'delivery-failed', key, channel });
    },
  };
}

function noteAlerts(alerts: AlertQueries, note: (fact: Fact) => void): AlertQueries {
  return {
    ...alerts,
    insert(key, since) {
      const alert = alerts.insert(key, since);
      note({ kind: 'alert-begun', key });
      return alert;
    },
    end(id, at) {
      const ended = alerts.active().find((each) => each.id === id);
      alerts.end(id, at);
      if (ended !== undefined) note({ kind: 'alert-ended', key: ended.key });
    },
  };
}
