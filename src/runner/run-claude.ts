import { existsSync } from 'node:fs';

import type { ClaudeReport } from '../model/attempt.ts';
import { formatDuration } from '../model/duration.ts';
import { once, type Attempt } from './attempt.ts';
import { claudeArguments } from './claude-arguments.ts';
import { findChangedSettings } from './claude-rights.ts';
import { followClaude } from './follow-claude.ts';
import { claudeRequest } from './launch-request.ts';
import { composePrompt } from './prompt.ts';
import { commandFolder } from './supervisor/command-folder.ts';
import { diffStat, findSpan } from './workspace/changes.ts';
import type { Workspace } from './workspace/workspace.ts';

/** What a launch depends on that a restart must not decide anew. */
interface LaunchFacts {
  ignoresWorkspaceSettings: boolean;
  changedSoFar: string;
}

/** Starts Claude Code in the workspace, or takes up the one at work. `undefined`: cancelled before it was started. */
export async function runClaude(
  attempt: Attempt,
  workspace: Workspace,
  startedAtMs: number,
): Promise<ClaudeReport | undefined> {
  const { request, cancel, commands, progress, limits } = attempt;
  if (cancel.aborted && !existsSync(commandFolder(attempt.paths.step('claude')).request)) return undefined;
  const facts = await once(attempt, 'launch', (remark) => gatherFacts(attempt, workspace, remark));
  progress.step('claude');
  const outcome = commands.run({
    name: 'claude',
    label: 'Claude',
    launch: () => ({
      request: claudeRequest(attempt, workspace, {
        name: 'claude',
        args: argumentsFor(attempt, facts),
        timeoutMs: request.timeoutMs,
      }),
      prompt: composePrompt(
        { ...request, branch: workspace.branch ?? request.branch },
        { changedSoFar: facts.changedSoFar, marker: attempt.uuid().slice(0, 8) },
      ),
    }),
  });
  // Where following it fails, nobody waits for this one any more.
  outcome.catch(() => {});
  const report = await followClaude(attempt, startedAtMs, outcome);
  if (report?.outcome.end === 'background-ended') {
    const limit = formatDuration(limits.backgroundMs);
    attempt.remarks.push(`Claude's background tasks were still open ${limit} after its last answer and were ended`);
  }
  return report;
}

/** Whether Claude did anything that a check could judge. */
export const hasWorked = (report: ClaudeReport): boolean =>
  report.outcome.end !== 'could-not-start' && report.assistantMessages > 0;

async function gatherFacts(
  attempt: Attempt,
  workspace: Workspace,
  remark: (sentence: string) => void,
): Promise<LaunchFacts> {
  const changed = await findChangedSettings(attempt, workspace);
  if (changed.length > 0) {
    const files = changed.map((file) => `\`${file}\``).join(', ');
    remark(`an earlier attempt changed ${files}, so Claude started without the settings of the workspace`);
  }
  const { git, stop, paths, request } = attempt;
  const hasEarlierWork = request.attempt > 1 || request.startFrom !== undefined;
  const span = hasEarlierWork ? await findSpan(git, workspace, paths.folder, stop) : undefined;
  return {
    ignoresWorkspaceSettings: changed.length > 0,
    changedSoFar: span === undefined ? '' : await diffStat(git, workspace.root, span, stop),
  };
}

function argumentsFor({ request, claude }: Attempt, facts: LaunchFacts): string[] {
  return claudeArguments({
    sessionId: request.sessionId,
    permissionMode: claude.permissionMode,
    allowedTools: [...new Set([...claude.allowedTools, ...request.project.allowedTools])],
    model: request.model ?? claude.model,
    budgetUsd: request.budgetUsd,
    ignoresWorkspaceSettings: facts.ignoresWorkspaceSettings,
  });
}
