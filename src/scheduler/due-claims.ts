import type { JobRepository } from 'agenda';

export interface DueClaimsOptions {
  repository: JobRepository;
  /** The instant at which the next unclaimed job falls due, in milliseconds UTC. */
  findNextDueMs: () => number | undefined;
  /** Called when that instant has come; must make Agenda look for jobs. */
  onDue: () => void;
  /** For how long a claim whose end is never told keeps the next one waiting. */
  holdMs: number;
}

export interface DueClaims {
  /** The repository for Agenda. */
  repository: JobRepository;
  /** Tells that the job in hand has ended. */
  release(): void;
  /** Ends the timer; nothing is claimed any more. */
  stop(): void;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * Lets Agenda claim a job only when it is due, and one at a time. On its own Agenda 6.2.6 claims up to a scan ahead and
 * sets a timer for each job: one that fires a fraction of a millisecond early is not set again (5 of 40 jobs came up to
 * a second late), `stop()` leaves them behind, and a lock taken ahead outlives a killed process. A job that waits in
 * Agenda's queue until its lock has expired (a suspended machine) counts towards the lock limit for ever; with one at a
 * time none waits, so the limit stands here. And there is one timer, for the next job that is due.
 */
export function createDueClaims({ repository, findNextDueMs, onDue, holdMs }: DueClaimsOptions): DueClaims {
  let heldUntilMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function setTimer(): void {
    clearTimeout(timer);
    const dueMs = findNextDueMs();
    if (dueMs !== undefined) timer = setTimeout(onDue, Math.min(Math.max(dueMs - Date.now(), 0), longestTimerMs));
  }

  return {
    repository: {
      ...repository,
      async getNextJobToRun(jobName, _nextScanAt, lockDeadline, now = new Date(), options) {
        if (isStopped || performance.now() < heldUntilMs) return undefined;
        heldUntilMs = performance.now() + holdMs;
        let isClaimed = false;
        try {
          const job = await repository.getNextJobToRun(jobName, now, lockDeadline, now, options);
          isClaimed = job !== undefined;
          if (!isClaimed && !isStopped) setTimer();
          if (job === undefined) return undefined;
          // A slow disk may have taken longer to write the lock than it lasts: Agenda would drop the job, and claim it again for ever.
          heldUntilMs = performance.now() + holdMs;
          return { ...job, lockedAt: new Date() };
        } finally {
          if (!isClaimed) heldUntilMs = 0;
        }
      },
    },
    release() {
      heldUntilMs = 0;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
