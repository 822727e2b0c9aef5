import { expect, test } from 'vitest';

import type { CommandOutcome } from '../../src/model/attempt.ts';
import { createAttemptMask } from '../../src/runner/attempt-mask.ts';
import { judgeCommand } from '../../src/runner/check-command.ts';

const mask = createAttemptMask(
  [],
  {},
  {
    name: 'api',
    path: '/nonexistent',
    workspace: 'worktree',
    copy: [],
    allowedTools: [],
    checks: [],
  },
);
const outcome: CommandOutcome = {
  v: 1,
  end: 'exited',
  exitCode: 0,
  signal: null,
  startedAtMs: 1000,
  endedAtMs: 3500,
  left: { count: 0, names: [] },
  treeProven: true,
};

test.each<{ how: Partial<CommandOutcome>; verdict: string; reason: string | undefined }>([
  { how: {}, verdict: 'pass', reason: undefined },
  { how: { exitCode: 2 }, verdict: 'fail', reason: undefined },
  { how: { exitCode: null, signal: 'SIGSEGV' }, verdict: 'fail', reason: 'was killed by SIGSEGV' },
  { how: { end: 'timed-out', exitCode: null }, verdict: 'fail', reason: 'ran out of time at 10 min' },
  { how: { end: 'cancelled', exitCode: null }, verdict: 'undecided', reason: 'was cancelled' },
  { how: { end: 'terminated', exitCode: null }, verdict: 'undecided', reason: 'was stopped by the host' },
  {
    how: { end: 'lost', exitCode: null, error: 'the host went down' },
    verdict: 'undecided',
    reason: 'was interrupted: the host went down',
  },
  {
    how: { end: 'could-not-start', exitCode: null, error: 'no bash' },
    verdict: 'undecided',
    reason: 'could not be started: no bash',
  },
])('a command that ends as $how: $verdict', ({ how, verdict, reason }) => {
  const result = judgeCommand(
    { kind: 'command', command: 'npm test' },
    { ...outcome, ...how },
    '/nonexistent',
    mask,
    600_000,
  );
  expect(result).toMatchObject({ verdict, durationMs: 2500 });
  expect(result.reason).toBe(reason);
});
