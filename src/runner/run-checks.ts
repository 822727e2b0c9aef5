import type { AttemptReport, CheckResult, ClaudeReport, CommandOutcome } from '../model/attempt.ts';
import type { Check } from '../model/check.ts';
import type { Attempt } from './attempt.ts';
import { judgeCommand } from './check-command.ts';
import { judgeSentences } from './judge/judge-sentences.ts';
import { shellRequest } from './launch-request.ts';
import { commandFolder } from './supervisor/command-folder.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Runs the command checks of an attempt before Claude works, so that the result can say what failed already. */
export async function runChecksBefore(attempt: Attempt, workspace: Workspace): Promise<CheckResult[]> {
  return [...(await runCommands(attempt, workspace, 'check-before')).values()];
}

/** All checks of an attempt, once Claude is done: first the commands, which cost nothing, then the sentences. */
export async function runChecksAfter(
  attempt: Attempt,
  workspace: Workspace,
  claude: ClaudeReport,
): Promise<Pick<AttemptReport, 'checksAfter' | 'judge'>> {
  const commands = await runCommands(attempt, workspace, 'check-after');
  const { sentences, judge } = await judgeSentences(attempt, workspace, claude, [...commands.values()]);
  const results = new Map([...commands, ...sentences]);
  return { checksAfter: attempt.request.checks.flatMap((_check, at) => results.get(at) ?? []), judge };
}

/** By the place of each check among those of the attempt. */
async function runCommands(
  attempt: Attempt,
  workspace: Workspace,
  step: 'check-before' | 'check-after',
): Promise<Map<number, CheckResult>> {
  const results = new Map<number, CheckResult>();
  for (const [at, check] of attempt.request.checks.entries()) {
    if (check.kind === 'sentence') continue;
    const name = `${step === 'check-after' ? 'check' : step}-${at + 1}`;
    const result = await runCheck(attempt, workspace, check, step, name);
    if (result !== undefined) results.set(at, result);
  }
  return results;
}

/** Once more where it was interrupted. `undefined` where the attempt was cancelled before the check began. */
async function runCheck(
  attempt: Attempt,
  workspace: Workspace,
  check: Extract<Check, { kind: 'command' }>,
  step: 'check-before' | 'check-after',
  name: string,
): Promise<CheckResult | undefined> {
  const timeoutMs = attempt.limits.checkTimeoutMs;
  attempt.progress.step(step, attempt.mask(check.command));
  const run = (folder: string): Promise<CommandOutcome | undefined> =>
    attempt.commands.run({
      name: folder,
      label: `\`${check.command}\``,
      launch: () => ({
        request: shellRequest(attempt, workspace, { name: folder, command: check.command, timeoutMs }),
      }),
    });
  const judge = (outcome: CommandOutcome, folder: string): CheckResult =>
    judgeCommand(check, outcome, commandFolder(attempt.paths.step(folder)).output, attempt.mask, timeoutMs);
  const first = await run(name);
  if (first === undefined) return undefined;
  const again = mayRunAgain(first, workspace) ? await run(`${name}-again`) : undefined;
  return again === undefined ? judge(first, name) : judge(again, `${name}-again`);
}

/** What a restart of the host or a kill from outside ended says nothing of the work. In place nothing of it may be left over. */
const mayRunAgain = ({ end, treeProven }: CommandOutcome, { kind }: Workspace): boolean =>
  (end === 'lost' || end === 'terminated') && (treeProven || kind === 'worktree');
