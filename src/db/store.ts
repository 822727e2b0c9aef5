import { createAlarmWriter } from './alarm-writer.ts';
import { createAlertQueries, type AlertQueries } from './alerts.ts';
import { createClockQueries, type ClockQueries } from './clock.ts';
import { createAttemptQueries, type AttemptQueries } from './attempts.ts';
import { createDraftQueries, type DraftQueries } from './drafts.ts';
import { createJobQueries, type JobQueries } from './jobs.ts';
import { createOccurrenceQueries, type OccurrenceQueries } from './occurrences.ts';
import { createDigestQueries, type DigestQueries } from './digests.ts';
import { createExpiry, type Expiry } from './expire-rows.ts';
import { createRunExpiry, type RunExpiry } from './expire-runs.ts';
import { type Fact, noteFacts } from './facts.ts';
import { createHoldQueries, type HoldQueries } from './holds.ts';
import type { Db } from './open-database.ts';
import { createOutboxQueries, type OutboxQueries } from './outbox.ts';
import {
  createAuditQueries,
  createInboxQueries,
  createReactionQueries,
  type AuditQueries,
  type InboxQueries,
  type ReactionQueries,
} from './reactions.ts';
import { createRunQueries, type RunQueries } from './runs.ts';
import { createRunFilesQueries, type RunFilesQueries } from './run-files.ts';
import { createSuggestionQueries, type SuggestionQueries } from './suggestions.ts';

type Writes<T, K extends keyof T> = Pick<T, K>;

/** What `change(fn)` hands to `fn`: every table, to read and to write, and the bell. */
export interface Change {
  jobs: JobQueries;
  drafts: DraftQueries;
  occurrences: OccurrenceQueries;
  runs: RunQueries;
  runFiles: RunFilesQueries;
  expiry: Expiry;
  runExpiry: RunExpiry;
  attempts: AttemptQueries;
  outbox: OutboxQueries;
  reactions: ReactionQueries;
  inbox: InboxQueries;
  audit: AuditQueries;
  holds: HoldQueries;
  digests: DigestQueries;
  alerts: AlertQueries;
  clock: ClockQueries;
  /** Has the bell rung at `at`, if this change is committed. */
  alarm(at: Date): void;
}

/** The store outside of a change: to be read only. */
export interface Store {
  jobs: Writes<JobQueries, 'get' | 'isDeleted' | 'findByName' | 'list' | 'page' | 'pauseEnds'>;
  drafts: Writes<DraftQueries, 'get' | 'expiries'>;
  occurrences: Writes<OccurrenceQueries, 'due' | 'planned' | 'nextPlanned' | 'settled' | 'notRun'>;
  runs: Writes<
    RunQueries,
    | 'get'
    | 'isGone'
    | 'withStatus'
    | 'liveOfJob'
    | 'liveRetryOf'
    | 'retriesOf'
    | 'latestOfJob'
    | 'list'
    | 'deferralEnded'
    | 'deferralEnds'
  >;
  runFiles: Writes<RunFilesQueries, 'get' | 'endedBefore' | 'branchesToLookAt' | 'unmeasured' | 'totalBytes'>;
  runExpiry: Writes<RunExpiry, 'endedBefore' | 'oldestOfNewest' | 'olderThan' | 'jobIds'>;
  attempts: Writes<AttemptQueries, 'get' | 'ofRun' | 'count'>;
  outbox: Writes<
    OutboxQueries,
    | 'firstUnpostedView'
    | 'firstDueEdit'
    | 'firstUndeliveredMessage'
    | 'lastSequence'
    | 'waitingChannels'
    | 'untoldRuns'
    | 'waitingBesideRuns'
    | 'failing'
    | 'isKnown'
    | 'hasUndelivered'
    | 'view'
    | 'viewByMessageRef'
    | 'tryInstants'
  >;
  reactions: Writes<ReactionQueries, 'due' | 'ofRun' | 'instants'>;
  audit: Writes<AuditQueries, 'list'>;
  holds: Writes<HoldQueries, 'active' | 'ends'>;
  digests: Writes<DigestQueries, 'instants'>;
  alerts: Writes<AlertQueries, 'active'>;
  suggestions: SuggestionQueries;
  /**
   * The one way to write: `fn` runs in an immediate transaction and must not await. What it throws rolls everything back
   * and is rethrown.
   */
  change<T>(fn: (change: Change) => T): T;
  /** Has `fn` read all tables as they are at one instant. Waits for nobody who writes; what `fn` writes is refused. */
  read<T>(fn: (tables: Change) => T): T;
  /** `listener` hears, after each commit, the ids of the alarms that it wrote, and what it did. */
  onCommit(listener: (alarmIds: string[], facts: Fact[]) => void): void;
}

export function createStore(db: Db): Store {
  const alarms = createAlarmWriter(db.$client);
  const tables = {
    jobs: createJobQueries(db),
    drafts: createDraftQueries(db),
    occurrences: createOccurrenceQueries(db),
    runs: createRunQueries(db),
    runFiles: createRunFilesQueries(db),
    expiry: createExpiry(db),
    runExpiry: createRunExpiry(db),
    attempts: createAttemptQueries(db),
    outbox: createOutboxQueries(db),
    reactions: createReactionQueries(db),
    inbox: createInboxQueries(db),
    audit: createAuditQueries(db),
    holds: createHoldQueries(db),
    digests: createDigestQueries(db),
    alerts: createAlertQueries(db),
    clock: createClockQueries(db),
    suggestions: createSuggestionQueries(db),
  };
  const listeners: ((alarmIds: string[], facts: Fact[]) => void)[] = [];
  let facts: Fact[] = [];
  const noted = noteFacts(db, tables, (fact) => void facts.push(fact));
  return {
    ...tables,
    change(fn) {
      const alarmIds: string[] = [];
      const change: Change = { ...noted, alarm: (at) => void alarmIds.push(alarms.write(at)) };
      facts = [];
      const result = db.$client.transaction(() => fn(change)).immediate();
      // A listener may make a change of its own.
      const done = facts;
      for (const listener of listeners) listener(alarmIds, done);
      return result;
    },
    read(fn) {
      const alarm = (): never => {
        throw new Error('What only reads sets no alarm');
      };
      db.$client.pragma('query_only = ON');
      try {
        return db.$client.transaction(() => fn({ ...tables, alarm })).deferred();
      } finally {
        db.$client.pragma('query_only = OFF');
      }
    },
    onCommit: (listener) => void listeners.push(listener),
  };
}
