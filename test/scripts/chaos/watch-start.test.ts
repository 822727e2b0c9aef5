import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { readRunningAttempts } from '../../../scripts/chaos/store.ts';
import { createTrace } from '../../../scripts/chaos/trace.ts';
import { watchAttempts } from '../../../scripts/chaos/watch-start.ts';
import { tempDatabases } from '../../support/temp-database.ts';

const databases = tempDatabases();

test('an attempt that is neither adopted nor settled in time is a fault, unless the bot is gone before', async () => {
  const database = databases.create();
  database.pragma('foreign_keys = OFF');
  for (const id of ['r1-1', 'r2-1'])
    database
      .prepare('INSERT INTO attempts (id, run_id, number, request, started_at) VALUES (?, ?, 1, ?, 1000)')
      .run(id, Number(id.slice(1, 2)), '{}');
  const before = readRunningAttempts(database.name);
  expect(before.map(({ id }) => id)).toEqual(['r1-1', 'r2-1']);
  // The bot of these: it works, and takes up nothing.
  const idle = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  const gone = once(idle, 'exit');
  onTestFinished(async () => {
    idle.kill('SIGKILL');
    await gone;
  });
  const root = dirname(database.name);
  const watched = (isGone: boolean) =>
    watchAttempts(
      {
        place: { root, database: database.name },
        bot: { pid: idle.pid ?? 0, isGone: () => isGone },
        trace: createTrace(root),
        withinMs: 100,
      },
      before,
    );
  expect(await watched(true)).toEqual({ count: 0, faults: [] });
  database.exec("UPDATE attempts SET cause = 'lost', ended_at = 2000 WHERE id = 'r2-1'");
  expect(await watched(false)).toEqual({
    count: 1,
    faults: [{ kind: 'lost', what: 'r1-1 was neither adopted nor settled within 0.1 s of a start' }],
  });
});
