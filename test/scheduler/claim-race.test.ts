import { expect, test } from 'vitest';
import { nodeProcesses } from '../support/node-process.ts';
import { tempDatabases } from '../support/temp-database.ts';

const databases = tempDatabases();
const startNode = nodeProcesses();

test('four processes on one file claim 2,000 jobs, each of them once', { timeout: 120_000 }, async () => {
  const database = databases.create();
  const insert = database.prepare(
    `INSERT INTO agenda_jobs (id, name, type, priority, next_run_at) VALUES (?, 'mail', 'normal', 0, ?)`,
  );
  const expected = Array.from({ length: 2000 }, (_, index) => `job-${String(index).padStart(4, '0')}`);
  database.transaction(() => expected.forEach((id, index) => insert.run(id, index + 1)))();

  const claimers = Array.from({ length: 4 }, () => startNode('scheduler/claim-all.ts', database.name));
  for (const claimer of claimers) expect(await claimer.line()).toBe('ready');
  for (const claimer of claimers) claimer.child.stdin.write('go\n');
  const claimed = await Promise.all(claimers.map(async (claimer) => JSON.parse(await claimer.line()) as string[]));

  expect(claimed.flat().sort()).toEqual(expected);
  // Otherwise one process took them all, and nothing was raced for.
  expect(claimed.filter((ids) => ids.length > 0).length).toBeGreaterThan(1);
  expect(await Promise.all(claimers.map(({ end }) => end))).toEqual(claimers.map(() => ({ code: 0, stderr: '' })));
});
