import { openSync, writeSync, closeSync, statSync } from 'node:fs';

import { expect, test } from 'vitest';

import { checkCancelled, checkStore } from '../../../scripts/chaos/check-store.ts';
import type { SeedPlan } from '../../../scripts/chaos/plan.ts';
import { readStore, type StoreContent } from '../../../scripts/chaos/store.ts';
import { tempDatabases } from '../../support/temp-database.ts';

const databases = tempDatabases();
const plan: SeedPlan = { seed: 1, jobs: [], acts: [] };
const faultsOf = (content: StoreContent): string[] => checkStore(content, plan, 0).map(({ what }) => what);

test('a row that refers to none is found', () => {
  const database = databases.create();
  expect(faultsOf(readStore(database.name, { isWhole: true }))).toEqual([]);
  database.pragma('foreign_keys = OFF');
  database.exec("INSERT INTO occurrences (job_id, due_at, state) VALUES (77, 1000, 'missed')");
  expect(faultsOf(readStore(database.name, { isWhole: true }))).toEqual([
    expect.stringMatching(/^the database: .*"table":"occurrences".*"parent":"jobs"/),
  ]);
});

test('a damaged page of the database is found', () => {
  const database = databases.create();
  // Everything out of the journal that is written ahead, then a page of its own over one in the middle.
  database.pragma('wal_checkpoint(TRUNCATE)');
  const file = openSync(database.name, 'r+');
  const page = 4_096;
  writeSync(file, Buffer.alloc(page, 1), 0, page, Math.floor(statSync(database.name).size / page / 2) * page);
  closeSync(file);
  expect(() => {
    const faults = faultsOf(readStore(database.name, { isWhole: true }));
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }).toThrow(/database/);
});

test('a run that was cancelled and ended in another way is found', () => {
  const content = readStore(databases.create().name, { isWhole: true });
  const run = { job: 'job-6', jobId: 1, trigger: 'manual', waitReason: null, dueAt: null, cancelledBy: 'web:ada' };
  content.runs.push({ ...run, id: 1, status: 'cancelled' }, { ...run, id: 2, status: 'succeeded' });
  expect(checkCancelled(content, new Set([1, 2])).map(({ what }) => what)).toEqual([
    'r2 was cancelled and is succeeded',
  ]);
});
