import { type AgendaBackend, InMemoryNotificationChannel, type JobParameters, type JobRepository } from 'agenda';
import type { Database } from 'better-sqlite3';
import { createBusyRetry } from './busy-retry.ts';
import { addDataComparison } from './job-filter.ts';
import { createJobLocking } from './job-locking.ts';
import { createJobReading } from './job-reading.ts';
import { createJobWriting } from './job-writing.ts';

export interface SqliteBackendOptions {
  /** The handle of the store. It stays its owner's: the backend never closes it. The table `agenda_jobs` is there. */
  database: Database;
  /** Told of what Agenda does not wait for and nobody could catch. */
  onFault: (error: unknown) => void;
}

/**
 * Agenda's storage in the SQLite file of the store, with notifications inside this process. `disconnect()` ends its use
 * of the handle: what waits for a locked database is given up, and whatever Agenda still asks for is refused.
 */
export function createSqliteBackend({ database, onFault }: SqliteBackendOptions): AgendaBackend {
  addDataComparison(database);
  const reading = createJobReading(database);
  const writing = createJobWriting(database);
  const locking = createJobLocking(database);
  const retry = createBusyRetry();
  const run = <Result>(work: () => Result): Promise<Result> => retry.run(work);

  const repository: JobRepository = {
    connect: async () => {},
    queryJobs: (options) => run(() => reading.queryJobs(options, new Date())),
    getJobsOverview: () => run(() => reading.getJobsOverview(new Date())),
    getDistinctJobNames: () => run(() => reading.getDistinctJobNames()),
    getJobById: (id) => run(() => reading.getJobById(id)),
    getQueueSize: () => run(() => reading.getQueueSize(new Date())),
    removeJobs: (options) => run(() => writing.removeJobs(options)),
    saveJob: <Data>(job: JobParameters<Data>, options: { lastModifiedBy?: string } | undefined) =>
      run(() => writing.saveJob(job, new Date(), options?.lastModifiedBy) as JobParameters<Data>),
    saveJobState: (job, options) => run(() => writing.saveJobState(job, options?.lastModifiedBy)),
    lockJob: (job, options) => run(() => locking.lock(job, new Date(), options?.lastModifiedBy)),
    // Agenda neither awaits nor catches this one, so a rejection would end the process. A lock that stays expires.
    unlockJob: (job) => run(() => locking.unlock(job)).catch(onFault),
    unlockJobs: (ids) => run(() => locking.unlockAll(ids)),
    getNextJobToRun: (jobName, nextScanAt, lockDeadline, now, options) =>
      run(() => {
        const lastModifiedBy = options?.lastModifiedBy;
        return locking.claimNext({ jobName, nextScanAt, lockDeadline, now: now ?? new Date(), lastModifiedBy });
      }),
    disableJobs: (options) => run(() => writing.setDisabled(options, true)),
    enableJobs: (options) => run(() => writing.setDisabled(options, false)),
    purgeAllJobs: () => run(() => writing.purge()),
  };

  return {
    name: 'SQLite',
    repository,
    notificationChannel: new InMemoryNotificationChannel(),
    ownsConnection: false,
    connect: async () => retry.open(),
    disconnect: async () => retry.close(),
  };
}
