import type { Logger } from 'pino';

import type { Fact } from './db/facts.ts';
import type { Run } from './db/runs.ts';
import type { About } from './model/about.ts';
import { isFinal, runLabel } from './model/run.ts';

/** Logs what a change did: runs, attempts, occurrences and faults of the host as `info` or `warn`, deliveries as `debug`. */
export function createFactLog(log: Logger): (facts: readonly Fact[]) => void {
  const tell = (fact: Fact): void => {
    switch (fact.kind) {
      case 'run-queued':
        log.info({ ...aboutRun(fact.run), trigger: fact.run.trigger, dueAt: fact.run.dueAt }, 'A run is queued');
        return;
      case 'run-moved':
        log.info({ ...aboutRun(fact.run), status: fact.run.status, from: fact.from }, moved(fact.run));
        return;
      case 'attempt-started':
        log.info({ ...aboutRun(fact.run), attempt: fact.attempt }, 'An attempt has started');
        return;
      case 'attempt-ended':
        log.info({ ...aboutRun(fact.run), attempt: fact.attempt, cause: fact.cause }, 'An attempt has ended');
        return;
      case 'occurrence-settled': {
        const { job, channel, dueAt, state, reason } = fact;
        // One that ran is told by its run.
        if (state !== 'ran') log.info({ job, channel, dueAt, state, reason }, 'An occurrence did not run');
        return;
      }
      case 'occurrences-missed': {
        const { job, channel, first, last, count, reason } = fact;
        log.info({ job, channel, first, last, count, state: 'missed', reason }, 'Occurrences did not run');
        return;
      }
      case 'delivered':
        log.debug({ ...aboutKey(fact.key), channel: fact.channel, key: fact.key }, 'Delivered');
        return;
      case 'delivery-failed':
        log.debug({ ...aboutKey(fact.key), channel: fact.channel, key: fact.key }, 'Not delivered; it is tried again');
        return;
      case 'delivery-refused':
        log.warn({ ...aboutKey(fact.key), channel: fact.channel, key: fact.key }, 'Refused for good by its platform');
        return;
      case 'alert-begun':
        log.warn({ fault: fact.key }, 'A fault of the host has begun');
        return;
      case 'alert-ended':
        log.info({ fault: fact.key }, 'A fault of the host is over');
        return;
    }
  };
  return (facts) => facts.forEach(tell);
}

function aboutRun({ id, spec, currentAttemptId }: Run): About {
  const { jobName: job, channel } = spec;
  return { run: runLabel(id), ...(currentAttemptId === null ? {} : { attempt: currentAttemptId }), job, channel };
}

/** Keys of the outbox that are about a run begin with it: `run:142:result`. */
function aboutKey(key: string): About {
  const run = /^run:(\d+)(?::|$)/.exec(key)?.[1];
  return run === undefined ? {} : { run: runLabel(Number(run)) };
}

const moved = (run: Run): string => (isFinal(run.status) ? 'A run has ended' : `A run is ${run.status}`);
