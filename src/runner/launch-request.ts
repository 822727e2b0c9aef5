import type { Attempt } from './attempt.ts';
import { claudeEnv, commandEnv } from './child-env.ts';
import type { CommandRequest } from './command-request.ts';
import type { Workspace } from './workspace/workspace.ts';

/** The request of a shell command in the workspace: set-up or check. A pipe fails where any of its parts does. */
export function shellRequest(
  attempt: Attempt,
  workspace: Workspace,
  { name, command, timeoutMs }: { name: string; command: string; timeoutMs: number },
): CommandRequest {
  return {
    ...commonRequest(attempt, workspace, name, timeoutMs),
    kind: 'shell',
    argv: ['bash', '-o', 'pipefail', '-c', command],
    env: { ...commandEnv(attempt.claude.env), ...workspace.env },
  };
}

/** The request of Claude Code itself: at work, or as the judge of a sentence. */
export function claudeRequest(
  attempt: Attempt,
  workspace: Workspace,
  { name, args, timeoutMs }: { name: string; args: string[]; timeoutMs: number },
): CommandRequest {
  return {
    ...commonRequest(attempt, workspace, name, timeoutMs),
    kind: 'claude',
    argv: [...attempt.claude.command, ...args],
    env: { ...claudeEnv(attempt.claude.env), ...workspace.env },
  };
}

function commonRequest(attempt: Attempt, workspace: Workspace, name: string, timeoutMs: number) {
  const { firstLineMs, stallMs, hangMs, backgroundMs, interruptGraceMs, terminateGraceMs } = attempt.limits;
  return {
    v: 1 as const,
    cookie: `${attempt.request.attemptId}-${name}-${attempt.uuid()}`,
    cwd: workspace.path,
    ...(workspace.kind === 'worktree' && { ownFolder: workspace.root }),
    limits: { timeoutMs, firstLineMs, stallMs, hangMs, backgroundMs, interruptGraceMs, terminateGraceMs },
  };
}
