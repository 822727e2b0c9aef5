import type { JobRepository } from 'agenda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDueClaims, type DueClaims } from '../../src/scheduler/due-claims.ts';
import { createSqliteBackend } from '../../src/scheduler/sqlite-backend.ts';
import { tempDatabases, throwFault } from '../support/temp-database.ts';

const databases = tempDatabases();
const holdMs = 100;

let repository: JobRepository;
let claims: DueClaims;
afterEach(() => void vi.useRealTimers());
beforeEach(async () => {
  // However slow the machine is, time stands still between two looks.
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  const database = databases.create();
  ({ repository } = createSqliteBackend({ database, onFault: throwFault }));
  claims = createDueClaims({ repository, findNextDueMs: () => undefined, onDue: () => {}, holdMs });
  for (const nextRunAt of [new Date(1), new Date(2)]) {
    await repository.saveJob({ name: 'alarm', type: 'normal', priority: 0, nextRunAt, data: null }, undefined);
  }
});

const claim = async (): Promise<number | undefined> => {
  const job = await claims.repository.getNextJobToRun('alarm', new Date(), new Date(0), undefined, undefined);
  return job?.nextRunAt?.getTime();
};

test('jobs are handed out one at a time, the next when the one in hand has ended', async () => {
  expect(await Promise.all([claim(), claim()])).toEqual([1, undefined]);
  expect(await claim()).toBeUndefined();
  claims.release();
  expect(await claim()).toBe(2);
});

test('a job whose end is never told keeps the next one waiting for a limited time', async () => {
  expect(await claim()).toBe(1);
  vi.advanceTimersByTime(holdMs - 1);
  expect(await claim()).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(await claim()).toBe(2);
});

test('a claim that took longer to write than it lasts is fresh when it is handed out, and keeps the next one waiting from then on', async () => {
  const slow: JobRepository = {
    ...repository,
    async getNextJobToRun(...asked) {
      const job = await repository.getNextJobToRun(...asked);
      vi.advanceTimersByTime(1.5 * holdMs);
      return job;
    },
  };
  claims = createDueClaims({ repository: slow, findNextDueMs: () => undefined, onDue: () => {}, holdMs });
  const askedMs = Date.now();
  const job = await claims.repository.getNextJobToRun('alarm', new Date(), new Date(0), undefined, undefined);
  expect(job?.lockedAt?.getTime()).toBe(askedMs + 1.5 * holdMs);
  vi.advanceTimersByTime(holdMs - 1);
  expect(await claim()).toBeUndefined();
});

test('a claim that fails does not keep the next one waiting', async () => {
  const failing = vi.spyOn(repository, 'getNextJobToRun').mockRejectedValueOnce(new Error('disk I/O error'));
  claims = createDueClaims({ repository, findNextDueMs: () => undefined, onDue: () => {}, holdMs });
  await expect(claim()).rejects.toThrow('disk I/O error');
  expect(await claim()).toBe(1);
  expect(failing).toHaveBeenCalledTimes(2);
});

test('a job is not claimed ahead of its time, although the scan asks for what comes until the next one', async () => {
  await repository.purgeAllJobs();
  const nextRunAt = new Date(Date.now() + 60_000);
  await repository.saveJob({ name: 'alarm', type: 'normal', priority: 0, nextRunAt, data: null }, undefined);
  const nextScanAt = new Date(Date.now() + 120_000);
  const claimAhead = claims.repository.getNextJobToRun('alarm', nextScanAt, new Date(0), undefined, undefined);
  expect(await claimAhead).toBeUndefined();
});

test('nothing is claimed after a stop', async () => {
  claims.stop();
  expect(await claim()).toBeUndefined();
});
