import type { Hold } from '../db/holds.ts';
import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import { holdTerm, isHoldCause, type HoldCause, type HoldTerm } from '../model/hold.ts';
import { nextStatus } from '../model/run.ts';
import type { Inline } from '../model/message.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { DeskSettings } from './desk-settings.ts';
import { hasPassed } from './has-passed.ts';
import { showRun } from './tell-run.ts';
import { holdReason, renderHoldBegin, renderHoldEnd } from './texts/hold-text.ts';

/** A limit that says no time is probed again and again: this soon after the last time it is the same trouble, told once. */
const sameTroubleMs = 60 * 60_000;

/** Runs that found out before a hold ended are tried again this soon. */
const triedAgainMs = 60_000;

export interface Wait {
  reason: Inline[];
  /** `null`: no instant ends it. */
  until: Date | null;
}

export interface Found {
  run: Run;
  /** When the attempt began that found out. */
  startedAt: Date;
  outcome: AttemptOutcome;
  settings: DeskSettings;
  now: Date;
}

/**
 * Where the outcome of an attempt means that no run can work, holds the login: nothing starts until the hold has ended. Told
 * once, in the channel for alerts or else in the run's. Returns how long the run itself is to wait; undefined where the outcome
 * holds nothing.
 */
export function holdLogin(change: Change, found: Found): Wait | undefined {
  const { outcome, now } = found;
  const term = holdTerm(outcome, now);
  if (term === undefined || !isHoldCause(outcome.cause)) return undefined;
  const active = change.holds.active().find((hold) => hold.cause === outcome.cause);
  const last = change.holds.latest(outcome.cause);
  if (active === undefined && last !== undefined && isOlder(found, last)) {
    const until = new Date(now.getTime() + triedAgainMs);
    return findWait(change) ?? { reason: ['it began before the login was tried again'], until };
  }
  if (active !== undefined) change.holds.extend(active.id, laterTerm(active, term));
  else if (last !== undefined && isSameTrouble(last, term, now)) change.holds.extend(last.id, term);
  else beginHold(change, found, outcome.cause, term);
  if (term.until !== null) change.alarm(term.until);
  return findWait(change);
}

/** Whether an attempt met what has been mended since: it began with the old token, or under the limit that has reset. */
function isOlder({ startedAt, outcome, now }: Found, last: Hold): boolean {
  const isFuture = outcome.resetsAt !== undefined && outcome.resetsAt > now;
  if (last.endedAt === null || isFuture) return false;
  // Since the hold ended the clock was set back: only what began before that, too, can be compared with it.
  if (last.endedAt > now && startedAt <= now) return false;
  return startedAt < last.endedAt;
}

function isSameTrouble(last: Hold, term: HoldTerm, now: Date): boolean {
  const isRecent = last.endedAt !== null && !hasPassed(sameTroubleMs, last.endedAt, now);
  return isRecent && !last.isUntilKnown && term.until !== null && !term.isKnown;
}

function beginHold(change: Change, { run, outcome, settings, now }: Found, cause: HoldCause, term: HoldTerm): void {
  const hold = change.holds.insert({
    cause,
    runId: run.id,
    channel: settings.alerts ?? run.spec.channel,
    since: now,
    until: term.until,
    isUntilKnown: term.isKnown,
  });
  const body = renderHoldBegin(hold, { run, said: outcome.said, settings });
  change.outbox.post({ key: `hold:${hold.id}:begin`, channel: hold.channel, body }, now);
}

/** Of two limits that are reached, both must have reset. */
function laterTerm(hold: Hold, term: HoldTerm): HoldTerm {
  const isLater = hold.until === null || term.until === null || term.until > hold.until;
  return isLater ? term : { until: hold.until, isKnown: hold.isUntilKnown };
}

/** Why nothing starts now, and until when; undefined where nothing is held. */
export function findWait(change: Pick<Change, 'holds'>): Wait | undefined {
  const active = change.holds.active();
  const timeOf = (hold: Hold): number => hold.until?.getTime() ?? Infinity;
  const last = active.toSorted((one, other) => timeOf(other) - timeOf(one))[0];
  return last && { reason: holdReason(last), until: last.until };
}

/** Ends a hold, lets the runs that it put off go on, and says so. */
export function endHold(change: Change, hold: Hold, { why, now }: { why: Inline[]; now: Date }): void {
  change.holds.end(hold.id, now);
  if (change.holds.active().length > 0) return;
  for (const run of change.runs.withStatus('deferred')) {
    const status = nextStatus(run.status, { kind: 'due' });
    // An overloaded API has a pause of its own, and no hold.
    if (status === undefined || change.attempts.ofRun(run.id).at(-1)?.cause === 'overloaded') continue;
    change.runs.update(run.id, { status, deferredUntil: null, waitReason: null });
    showRun(change, run.id, now);
  }
  // Nobody knows yet whether a limit that said no time has reset.
  if (hold.until !== null && !hold.isUntilKnown) return;
  const waiting = change.runs.withStatus('queued').length;
  const key = `hold:${hold.id}:end:${now.getTime()}`;
  change.outbox.post({ key, channel: hold.channel, body: renderHoldEnd(hold, { why, waiting, now }) }, now);
}

/** Ends the holds whose time has come. */
export function endDueHolds(change: Change, now: Date): void {
  for (const hold of change.holds.due(now)) endHold(change, hold, { why: ['the Claude usage limit has reset'], now });
}

/** Ends the holds that a person must end: who mends a service's login has to start it again, as its token is read then. */
export function endHoldsAtStart(change: Change, now: Date): void {
  const waitForPeople = change.holds.active().filter((hold) => hold.until === null);
  for (const hold of waitForPeople) {
    endHold(change, hold, { why: ['after a new start the login is tried once more'], now });
  }
}
