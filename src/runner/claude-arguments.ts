/** Always disallowed: what leaves the workspace (a worktree of Claude's own), or dies with the process (alarms). */
const disallowedTools = ['EnterWorktree', 'ExitWorktree', 'CronCreate', 'CronDelete', 'CronList', 'ScheduleWakeup'];

export interface ClaudeOptions {
  /** UUID; one that was used before is refused. */
  sessionId: string;
  permissionMode: string;
  /** Rules like `Bash`, `Edit`, `Bash(git log:*)`. */
  allowedTools: string[];
  model?: string | undefined;
  /** The CLI may overshoot it by one answer. */
  budgetUsd?: number | undefined;
  /** Reads neither settings nor MCP servers of the workspace: an earlier attempt changed them. */
  ignoresWorkspaceSettings: boolean;
}

/**
 * The arguments of an unattended `claude`, which takes its prompt on stdin. Each value is tied to its flag by `=`: a list
 * swallows no flag behind it, and a value that begins with a dash is no flag. Tried with 2.1.330.
 */
export function claudeArguments(options: ClaudeOptions): string[] {
  const { sessionId, permissionMode, allowedTools, model, budgetUsd, ignoresWorkspaceSettings } = options;
  return [
    '-p',
    '--output-format=stream-json',
    '--verbose',
    // Their lines are a sign of life while an answer takes long.
    '--include-partial-messages',
    `--session-id=${sessionId}`,
    `--permission-mode=${permissionMode}`,
    ...allowedTools.map((rule) => `--allowedTools=${rule}`),
    `--disallowedTools=${disallowedTools.join(',')}`,
    ...(model === undefined ? [] : [`--model=${model}`]),
    ...(budgetUsd === undefined ? [] : [`--max-budget-usd=${budgetUsd.toFixed(4)}`]),
    ...(ignoresWorkspaceSettings ? ['--setting-sources=user', '--strict-mcp-config'] : []),
  ];
}
