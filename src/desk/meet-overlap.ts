import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import type { Job } from '../model/job.ts';
import { runLabel } from '../model/run.ts';
import { findWait } from './hold-login.ts';
import { plainText } from './texts/plain-text.ts';

type Meeting =
  | { kind: 'run'; waitsForOlder: boolean; cancels: Run[] }
  /** `isTold`: a hold was told once, and a line for everything that it keeps would bury that. */
  | { kind: 'skip'; why: string; isTold: boolean };

/** What becomes of an occurrence that falls due now, where other runs of its job still go on. */
export function meetOverlap(change: Change, job: Job): Meeting {
  const live = change.runs.liveOfJob(job.id);
  const [oldest] = live;
  if (oldest === undefined) return { kind: 'run', waitsForOlder: false, cancels: [] };
  const held = findWait(change);
  const waiting = live.find(({ status }) => status !== 'running');
  if (held !== undefined && waiting !== undefined) {
    return { kind: 'skip', why: `${stillText(waiting)}: ${plainText(held.reason)}`, isTold: true };
  }
  const { overlap } = job.settings;
  if (overlap === 'skip') return { kind: 'skip', why: stillText(oldest), isTold: false };
  // Else a host that is busy all night would have a queue of the same job in the morning.
  const queued = live.find(({ status }) => status === 'queued');
  if (queued !== undefined) {
    return { kind: 'skip', why: `${runLabel(queued.id)} was waiting already`, isTold: false };
  }
  return { kind: 'run', waitsForOlder: overlap !== 'allow', cancels: overlap === 'cancel' ? live : [] };
}

const stillText = ({ id, status }: Run): string => `${runLabel(id)} was still ${status}`;
