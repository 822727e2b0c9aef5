import type { CheckResult } from '../model/attempt.ts';
import type { Check } from '../model/check.ts';
import type { Attempt } from './attempt.ts';
import { judgeCommand, undecidedSentence } from './check-command.ts';
import { shellRequest } from './launch-request.ts';
import { commandFolder } from './supervisor/command-folder.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Runs the command checks of an attempt before Claude works, so that the result can say what failed already. */
export async function runChecksBefore(attempt: Attempt, workspace: Workspace): Promise<CheckResult[]> {
  return await runChecks(attempt, workspace, 'check-before', (check) => check.kind === 'command');
}

/** All checks of an attempt, once Claude is done. */
export async function runChecksAfter(attempt: Attempt, workspace: Workspace): Promise<CheckResult[]> {
  return await runChecks(attempt, workspace, 'check-after', () => true);
}

async function runChecks(
  attempt: Attempt,
  workspace: Workspace,
  step: 'check-before' | 'check-after',
  isWanted: (check: Check) => boolean,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [index, check] of attempt.request.checks.entries()) {
    if (!isWanted(check)) continue;
    const result =
      check.kind === 'sentence'
        ? undecidedSentence(check)
        : await runCheck(attempt, workspace, check, step, `${step === 'check-after' ? 'check' : step}-${index + 1}`);
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** `undefined` where the attempt was cancelled before the check began. */
async function runCheck(
  attempt: Attempt,
  workspace: Workspace,
  check: Extract<Check, { kind: 'command' }>,
  step: 'check-before' | 'check-after',
  name: string,
): Promise<CheckResult | undefined> {
  const timeoutMs = attempt.limits.checkTimeoutMs;
  attempt.progress.step(step, attempt.mask(check.command));
  const outcome = await attempt.commands.run({
    name,
    label: `\`${check.command}\``,
    launch: () => ({ request: shellRequest(attempt, workspace, { name, command: check.command, timeoutMs }) }),
  });
  if (outcome === undefined) return undefined;
  return judgeCommand(check, outcome, commandFolder(attempt.paths.step(name)).output, attempt.mask, timeoutMs);
}
