import type { Occurrence } from '../db/occurrences.ts';
import type { Change, Store } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import { runLabel } from '../model/run.ts';
import { nextOccurrence } from '../model/schedule/next-occurrence.ts';
import type { DeskSettings } from './desk-settings.ts';
import { enqueueRun } from './enqueue-run.ts';
import { planNext } from './plan-next.ts';
import { showJob } from './show-job.ts';
import { showRun } from './tell-run.ts';
import { renderMissed, renderSkipped } from './texts/thread.ts';

export interface FireDueDependencies {
  store: Store;
  settings: DeskSettings;
  startNext: () => void;
  /** Carries out the reactions whose time to be taken back is over. */
  actOnReactions: () => void;
  deliver: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

/** An occurrence that is settled later than this was missed: the host was down, or slept. */
const onTimeMs = 60_000;

/**
 * What the bell rings for: settles each occurrence that is due by the tables, wakes what was put off, and has everything
 * else that waits for an instant look at the time. It may ring too often; each occurrence is settled once.
 */
export function createFireDue(dependencies: FireDueDependencies): () => void {
  const { store, settings, startNext, actOnReactions, deliver, now, onFault } = dependencies;
  return () => {
    const at = now();
    for (const occurrence of store.occurrences.due(at)) {
      try {
        store.change((change) => settleOccurrence(change, settings, occurrence, at));
      } catch (error) {
        // One that can't be settled stays planned and holds up nothing else.
        onFault(error, `job ${occurrence.jobId}, due ${occurrence.dueAt.toISOString()}`);
      }
    }
    store.change((change) => {
      // A start writes no alarm for what is planned: each ring sets the bell for the next one.
      const next = change.occurrences.nextPlanned(at);
      if (next !== undefined) change.alarm(next);
      for (const job of change.jobs.pauseEnded(at)) {
        change.jobs.setPaused(job.id, null);
        planNext(change, job, at);
        showJob(change, settings, job.id, at);
      }
      for (const run of change.runs.deferralEnded(at)) {
        change.runs.update(run.id, { status: 'queued', deferredUntil: null, waitReason: null });
        showRun(change, run.id, at);
      }
    });
    actOnReactions();
    startNext();
    deliver();
  };
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
    const reason = `${runLabel(live.id)} was still ${live.status}`;
    if (!change.occurrences.settle(occurrence, 'skipped', now, { reason })) return;
    const body = renderSkipped(job.name, dueAt, reason, change.occurrences.planned(job.id));
    change.outbox.post({ key: `skipped:${job.id}:${dueAt.getTime()}`, channel: job.channel, body }, now);
    return;
  }
  if (change.occurrences.isSettled(occurrence)) return;
  const project = settings.projects.get(job.project);
  const run = enqueueRun(change, { job, project, trigger: 'schedule', now, dueAt });
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
