import { existsSync } from 'node:fs';

import type { Attempt } from './attempt.ts';
import { describeEnd } from './check-command.ts';
import { shellRequest } from './launch-request.ts';
import { writeDurably } from './durable-file.ts';
import { readOutput } from './read-output.ts';
import { StepFailure } from './step-failure.ts';
import { commandFolder } from './supervisor/command-folder.ts';
import type { Workspace } from './workspace/workspace.ts';

/**
 * Runs the project's set-up command, once in the life of a workspace. Returns whether the attempt may go on: it may not
 * where it was cancelled or the host went down in the middle. Throws `StepFailure` where the command failed.
 */
export async function runSetUp(attempt: Attempt, workspace: Workspace): Promise<boolean> {
  const { setup } = attempt.request.project;
  const folder = commandFolder(attempt.paths.step('set-up'));
  const isDone = existsSync(attempt.runPaths.setUpDone) && !existsSync(folder.request);
  if (setup === undefined || isDone) return true;

  attempt.progress.step('set-up', attempt.mask(setup));
  const timeoutMs = attempt.limits.setupTimeoutMs;
  const outcome = await attempt.commands.run({
    name: 'set-up',
    label: 'the set-up command',
    launch: () => ({ request: shellRequest(attempt, workspace, { name: 'set-up', command: setup, timeoutMs }) }),
  });
  if (outcome === undefined || outcome.end === 'cancelled') return false;
  if (outcome.end === 'lost' || outcome.end === 'terminated') {
    attempt.remarks.push(`the set-up command ${describeEnd(outcome, timeoutMs)}`);
    return false;
  }
  if (outcome.end !== 'exited' || outcome.exitCode !== 0) {
    const { output } = readOutput(folder.output, attempt.mask);
    throw new StepFailure('set-up', `the set-up command \`${setup}\` ${describeEnd(outcome, timeoutMs)}`, output);
  }
  writeDurably(attempt.runPaths.setUpDone, JSON.stringify({ v: 1, attempt: attempt.request.attempt }));
  return true;
}
