import { createAlarmWriter } from './alarm-writer.ts';
import { createAlertQueries, type AlertQueries } from './alerts.ts';
import { createAttemptQueries, type AttemptQueries } from './attempts.ts';
import { createDraftQueries, type DraftQueries } from './drafts.ts';
import { createJobQueries, type JobQueries } from './jobs.ts';
import { createOccurrenceQueries, type OccurrenceQueries } from './occurrences.ts';
import { createDigestQueries, type DigestQueries } from './digests.ts';
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
import { createSuggestionQueries, type SuggestionQueries } from './suggestions.ts';

type Writes<T, K extends keyof T> = Pick<T, K>;

/** What `change(fn)` hands to `fn`: every table, to read and to write, and the bell. */
export interface Change {
  jobs: JobQueries;
  drafts: DraftQueries;
  occurrences: OccurrenceQueries;
  runs: RunQueries;
  attempts: AttemptQueries;
  outbox: OutboxQueries;
  reactions: ReactionQueries;
  inbox: InboxQueries;
  audit: AuditQueries;
  holds: HoldQueries;
  digests: DigestQueries;
  alerts: AlertQueries;
  /** Has the bell rung at `at`, if this change is committed. */
  alarm(at: Date): void;
}

/** The store outside of a change: to be read only. */
export interface Store {
  jobs: Writes<JobQueries, 'get' | 'isDeleted' | 'findByName' | 'list' | 'page' | 'pauseEnds'>;
  drafts: Writes<DraftQueries, 'get' | 'expiries'>;
  occurrences: Writes<OccurrenceQueries, 'due' | 'planned' | 'nextPlanned' | 'settled' | 'isSettled'>;
  runs: Writes<
    RunQueries,
    | 'get'
    | 'withStatus'
    | 'liveOfJob'
    | 'liveRetryOf'
    | 'retriesOf'
    | 'latestOfJob'
    | 'list'
    | 'deferralEnded'
    | 'deferralEnds'
  >;
  attempts: Writes<AttemptQueries, 'get' | 'ofRun' | 'count'>;
  outbox: Writes<
    OutboxQueries,
    | 'undeliveredViews'
    | 'firstUndeliveredMessage'
    | 'waitingChannels'
    | 'waitingIn'
    | 'failing'
    | 'isKnown'
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
    attempts: createAttemptQueries(db),
    outbox: createOutboxQueries(db),
    reactions: createReactionQueries(db),
    inbox: createInboxQueries(db),
    audit: createAuditQueries(db),
    holds: createHoldQueries(db),
    digests: createDigestQueries(db),
    alerts: createAlertQueries(db),
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
    onCommit: (listener) => void listeners.push(listener),
  };
}
