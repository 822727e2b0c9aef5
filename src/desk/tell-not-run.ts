import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import { showView } from './show-view.ts';
import { renderMissed, renderSkipped } from './texts/not-run.ts';

interface Told {
  job: Job;
  now: Date;
}

/** One message for all that is skipped in a row: it is edited until the job has run again. */
export function tellSkipped(change: Change, { job, dueAt, why, now }: Told & { dueAt: Date; why: string }): void {
  const after = change.occurrences.lastRan(job.id, dueAt) ?? new Date(0);
  const streak = change.occurrences.streak(job.id, 'skipped', { after, to: dueAt });
  const next = change.occurrences.planned(job.id);
  const body = renderSkipped(job.name, { dueAt, why, streak, next });
  showView(change, { key: `skipped:${job.id}:${after.getTime()}`, channel: job.channel, body }, now);
}

export interface MissedTold extends Told {
  /** The first and the last that were due. */
  first: Date;
  last: Date;
  /** Runs of late occurrences, which are in the queue. */
  caught: readonly Run[];
  why: string;
}

/** One message for all that fell due while nightdesk was not running or could write nothing, in however many pieces that was written down. */
export function tellMissed(change: Change, { job, first, last, caught, why, now }: MissedTold): void {
  const after = change.occurrences.lastRan(job.id, first) ?? new Date(0);
  const streak = change.occurrences.streak(job.id, 'missed', { after, to: last });
  const next = change.occurrences.planned(job.id);
  const body = renderMissed(job.name, { streak, caught: caught.flatMap(({ dueAt }) => dueAt ?? []), why, next });
  showView(change, { key: `missed:${job.id}:${after.getTime()}`, channel: job.channel, body }, now);
}
