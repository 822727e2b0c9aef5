import type { Change } from '../db/store.ts';
import type { DeskSettings } from './desk-settings.ts';
import { planNext } from './plan-next.ts';
import { planDigests } from './tell-digests.ts';

/** Clocks are trimmed by less than this all the time; schedules have no finer grain. */
export const toleranceMs = 60_000;
/** Jobs that are looked at in one change. */
const jobsAtOnce = 500;

/**
 * Sees whether the clock was set back since the last look. Then what waits for the time that it showed before would wait too long: each
 * job whose planned occurrence lies further ahead than its schedule says is planned again, and what was called missed and is still
 * to come has not been missed. What ran or was skipped stays so. Many jobs take several looks, for which the bell is rung. What was
 * put off is tried at once, digests are planned again too, and a fault has lasted as long as before.
 */
export function noticeClock(change: Change, settings: DeskSettings, now: Date): void {
  const mark = change.clock.read();
  const setBackMs = mark === undefined ? 0 : mark.latestAt.getTime() - now.getTime();
  const isSetBack = setBackMs > toleranceMs;
  if (isSetBack) {
    tryAllAt(change, now);
    planDigests(change, settings, now);
    change.alerts.setBack(setBackMs, now);
  }
  const from = isSetBack ? 0 : mark?.replannedTo;
  if (from == null) {
    if (mark === undefined || mark.latestAt < now) change.clock.write({ latestAt: now, replannedTo: null });
    return;
  }
  const jobs = change.jobs.scheduled(from, jobsAtOnce);
  for (const job of jobs) {
    const planned = change.occurrences.planned(job.id);
    if (planned !== undefined && planned <= now) continue;
    change.occurrences.forgetMissed(job.id, now);
    planNext(change, job, now);
  }
  const last = jobs.length < jobsAtOnce ? undefined : jobs.at(-1);
  change.clock.write({ latestAt: now, replannedTo: last?.id ?? null });
  if (last !== undefined) change.alarm(now);
}

/** How long is left of a pause or a limit is not known any more: who waits for it finds out. */
function tryAllAt(change: Change, now: Date): void {
  change.outbox.tryAllAt(now);
  change.reactions.actAllAt(now);
  for (const { id, until } of change.holds.active()) {
    if (until !== null) change.holds.extend(id, { until: now, isKnown: false });
  }
  for (const { id, deferredUntil } of change.runs.withStatus('deferred')) {
    if (deferredUntil !== null) change.runs.update(id, { deferredUntil: now });
  }
}
