import type { Occurrence } from '../db/occurrences.ts';
import type { Change, Store } from '../db/store.ts';
import type { About } from '../model/about.ts';
import type { Job } from '../model/job.ts';
import { nextStatus, runLabel } from '../model/run.ts';
import { nextOccurrence } from '../model/schedule/next-occurrence.ts';
import type { DeskSettings } from './desk-settings.ts';
import { enqueueRun } from './enqueue-run.ts';
import { endDueHolds, findWait } from './hold-login.ts';
import { planNext } from './plan-next.ts';
import { showJob } from './show-job.ts';
import { showRun } from './tell-run.ts';
import { plainText } from './texts/plain-text.ts';
import { renderMissed, renderSkipped } from './texts/thread.ts';

export interface FireDueDependencies {
  store: Store;
  settings: DeskSettings;
  startNext: () => void;
  /** Carries out the reactions whose time to be taken back is over. */
  actOnReactions: () => void;
  /** Writes the digests that are due. */
  tellDigests: () => void;
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string, about?: About) => void;
}

/** An occurrence that is settled later than this was missed: the host was down, or slept. */
const onTimeMs = 60_000;
/** How long an event's id is kept, so that a redelivery acts once. */
const inboxMs = 7 * 24 * 60 * 60_000;

/**
 * What the bell rings for: settles each occurrence that is due by the tables, wakes what was put off, and has everything
 * else that waits for an instant look at the time. It may ring too often; each occurrence is settled once.
 */
export function createFireDue(dependencies: FireDueDependencies): () => void {
  const { store, settings, startNext, actOnReactions, tellDigests, deliver, now, onFault } = dependencies;
  return () => {
    const at = now();
    const faults: unknown[] = [];
    // Each step for itself: one that fails holds up no other, and the bell rings again for it.
    const step = (where: string, work: () => void, about?: () => About): void => {
      try {
        work();
      } catch (error) {
        onFault(error, where, about?.());
        faults.push(error);
      }
    };
    step('ending pauses', () => store.change((change) => endPauses(change, settings, at)));
    for (const occurrence of store.occurrences.due(at)) {
      step(
        `job ${occurrence.jobId}, due ${occurrence.dueAt.toISOString()}`,
        () => store.change((change) => settleOccurrence(change, settings, occurrence, at)),
        () => aboutJob(store.jobs.get(occurrence.jobId)),
      );
    }
    // A start writes no alarm for what is planned: each ring sets the bell for the next one.
    step('the next alarm', () =>
      store.change((change) => {
        const next = change.occurrences.nextPlanned(at);
        if (next !== undefined) change.alarm(next);
      }),
    );
    step('deferred runs', () => store.change((change) => endDeferrals(change, at)));
    step('reactions', actOnReactions);
    step('starting runs', startNext);
    // Last, so that it tells how things stand now.
    step('the digest', tellDigests);
    step('delivery', deliver);
    if (faults.length > 0) throw new Error(`${faults.length} steps failed; they are logged`, { cause: faults[0] });
  };
}

/** What fell due after a pause ended, while nightdesk was down, is due. */
function endPauses(change: Change, settings: DeskSettings, now: Date): void {
  change.drafts.deleteExpired(now);
  change.inbox.forget(new Date(now.getTime() - inboxMs));
  for (const job of change.jobs.pauseEnded(now)) {
    change.jobs.setPaused(job.id, null);
    planNext(change, { ...job, paused: null }, job.paused?.until ?? now);
    showJob(change, settings, job.id, now);
  }
}

const aboutJob = (job: Job | undefined): About => (job === undefined ? {} : { job: job.name, channel: job.channel });

function endDeferrals(change: Change, now: Date): void {
  for (const run of change.runs.deferralEnded(now)) {
    const status = nextStatus(run.status, { kind: 'due' });
    if (status === undefined) continue;
    change.runs.update(run.id, { status, deferredUntil: null, waitReason: null });
    showRun(change, run.id, now);
  }
  endDueHolds(change, now);
}

function settleOccurrence(change: Change, settings: DeskSettings, occurrence: Occurrence, now: Date): void {
  const job = change.jobs.get(occurrence.jobId);
  if (job === undefined || job.schedule === null) {
    change.occurrences.settle(occurrence, 'skipped', now, { reason: 'the job has no schedule any more' });
    return;
  }
  const missed = dueSince(job, occurrence.dueAt, now);
  const latest = missed.pop() ?? occurrence.dueAt;
  for (const dueAt of missed) {
    change.occurrences.settle({ jobId: job.id, dueAt }, 'missed', now, { reason: 'nightdesk was not running' });
  }
  planNext(change, job, now);
  runOrSkip(change, { settings, job, dueAt: latest, missed, now });
  showJob(change, settings, job.id, now);
}

interface DueJob {
  settings: DeskSettings;
  job: Job;
  dueAt: Date;
  missed: Date[];
  now: Date;
}

function runOrSkip(change: Change, { settings, job, dueAt, missed, now }: DueJob): void {
  const occurrence = { jobId: job.id, dueAt };
  if (job.paused !== null) {
    change.occurrences.settle(occurrence, 'skipped', now, { reason: 'the job is paused' });
    return;
  }
  const [live] = change.runs.liveOfJob(job.id);
  if (live !== undefined) {
    const held = live.status === 'running' ? undefined : findWait(change);
    const why = held === undefined ? '' : `: ${plainText(held.reason)}`;
    const reason = `${runLabel(live.id)} was still ${live.status}${why}`;
    if (!change.occurrences.settle(occurrence, 'skipped', now, { reason })) return;
    // The hold was told once; a line for everything that it keeps would bury that.
    if (held !== undefined && missed.length === 0) return;
    const body = renderSkipped(job.name, { dueAt, missed, why: reason, next: change.occurrences.planned(job.id) });
    change.outbox.post({ key: `skipped:${job.id}:${dueAt.getTime()}`, channel: job.channel, body }, now);
    return;
  }
  if (change.occurrences.isSettled(occurrence)) return;
  const run = enqueueRun(change, { job, settings, trigger: 'schedule', now, dueAt });
  change.occurrences.settle(occurrence, 'ran', now, { runId: run.id });
  if (missed.length === 0 && now.getTime() - dueAt.getTime() <= onTimeMs) return;
  const body = renderMissed(job.name, missed, dueAt);
  change.outbox.post({ key: `missed:${job.id}:${dueAt.getTime()}`, channel: job.channel, body }, now);
}

/** All instants from `first` to `now` at which the job fell due, in order. */
function dueSince(job: Job, first: Date, now: Date): Date[] {
  const instants: Date[] = [];
  for (let at: Date | undefined = first; at !== undefined && at <= now;) {
    instants.push(at);
    at = job.schedule === null ? undefined : nextOccurrence(job.schedule, at);
  }
  return instants;
}
