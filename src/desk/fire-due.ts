import type { Change, Store } from '../db/store.ts';
import type { About } from '../model/about.ts';
import type { Job } from '../model/job.ts';
import { nextStatus } from '../model/run.ts';
import type { Runner } from '../runner/runner.ts';
import type { DeskSettings } from './desk-settings.ts';
import { endPause } from './end-pause.ts';
import { endDueHolds } from './hold-login.ts';
import { noticeClock } from './notice-clock.ts';
import { occurrencesAtOnce, settleDue } from './settle-due.ts';
import { showJob } from './show-job.ts';
import { showRun } from './tell-run.ts';

export interface FireDueDependencies {
  store: Store;
  runner: Pick<Runner, 'cancel'>;
  settings: DeskSettings;
  startNext: () => void;
  /** Whether the store could not be written then, though nightdesk was running. */
  tookNothing?: (at: Date) => boolean;
  /** Carries out the reactions whose time to be taken back is over. */
  actOnReactions: () => void;
  /** Writes the digests that are due. */
  tellDigests: () => void;
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string, about?: About) => void;
}

/** Jobs whose occurrences one ring settles: the event loop stands still for so long, and then has a turn. */
const jobsAtOnce = 100;
/** How long an event's id is kept, so that a redelivery acts once. */
const inboxMs = 7 * 24 * 60 * 60_000;

/**
 * What the bell rings for: settles each occurrence that is due by the tables, wakes what was put off, and has everything
 * else that waits for an instant look at the time. It may ring too often; each occurrence is settled once.
 */
export function createFireDue(dependencies: FireDueDependencies): () => void {
  const {
    store,
    runner,
    settings,
    startNext,
    tookNothing = () => false,
    actOnReactions,
    tellDigests,
    deliver,
    now,
    onFault,
  } = dependencies;
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
    step('ending pauses', () =>
      store.change((change) => {
        noticeClock(change, settings, at);
        endPauses(change, settings, at);
      }),
    );
    const due = store.occurrences.due(at, jobsAtOnce);
    const limit = Math.ceil(occurrencesAtOnce / Math.max(due.length, 1));
    for (const { jobId, dueAt } of due) {
      const settle = (): void => {
        const cancelled: string[] = [];
        const cancelAttempt = (id: string): void => void cancelled.push(id);
        store.change((change) => settleDue(change, { settings, jobId, now: at, limit, tookNothing, cancelAttempt }));
        for (const id of cancelled) runner.cancel(id);
      };
      step(`job ${jobId}, due ${dueAt.toISOString()}`, settle, () => aboutJob(store.jobs.get(jobId)));
    }
    let isLeft = false;
    // A start writes no alarm for what is planned: each ring sets the bell for the next one.
    step('the next alarm', () =>
      store.change((change) => {
        // What could not be settled is tried again with the ring that fails.
        isLeft = faults.length === 0 && change.occurrences.due(at, 1).length > 0;
        const next = isLeft ? at : change.occurrences.nextPlanned(at);
        if (next !== undefined) change.alarm(next);
      }),
    );
    step('deferred runs', () => store.change((change) => endDeferrals(change, at)));
    step('reactions', actOnReactions);
    step('starting runs', startNext);
    // Last, so that it tells how things stand now: where more is due than one ring settles, after the last of these.
    if (!isLeft) step('the digest', tellDigests);
    step('delivery', deliver);
    if (faults.length > 0) throw new Error(`${faults.length} steps failed; they are logged`, { cause: faults[0] });
  };
}

/** What fell due after a pause ended, while nightdesk was down, is due. */
function endPauses(change: Change, settings: DeskSettings, now: Date): void {
  change.drafts.deleteExpired(now);
  change.inbox.forget(new Date(now.getTime() - inboxMs));
  for (const job of change.jobs.pauseEnded(now)) {
    endPause(change, job, now);
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
