import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';

/** Whether the run could be retried once it has ended: its job is there, and nobody retries it already. */
export const isRetryable = ({ jobs, runs }: Pick<Store, 'jobs' | 'runs'>, run: Run): boolean =>
  !jobs.isDeleted(run.jobId) && runs.liveRetryOf(run.id) === undefined;
