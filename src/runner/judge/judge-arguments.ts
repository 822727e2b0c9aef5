import { verdictJsonSchema } from './verdict.ts';

export interface JudgeOptions {
  /** UUID; one that was used before is refused. */
  sessionId: string;
  model?: string | undefined;
  budgetUsd?: number | undefined;
  /** Folders outside of the working directory that may be read. */
  folders: string[];
}

/**
 * The arguments of a judge, which takes its prompt on stdin and can only read. `--safe-mode` alone is not enough: in a
 * workspace that its owner trusts, a `.claude/settings.json` that the run left still gave it another API address and other
 * folders to read, so that only the user's own settings are read. Tried with 2.1.330.
 */
export function judgeArguments({ sessionId, model, budgetUsd, folders }: JudgeOptions): string[] {
  return [
    '-p',
    '--output-format=stream-json',
    '--verbose',
    '--include-partial-messages',
    `--session-id=${sessionId}`,
    '--no-session-persistence',
    '--safe-mode',
    '--setting-sources=user',
    '--strict-mcp-config',
    '--tools=Read,Grep,Glob',
    '--permission-mode=dontAsk',
    `--json-schema=${verdictJsonSchema}`,
    ...folders.map((folder) => `--add-dir=${folder}`),
    ...(model === undefined ? [] : [`--model=${model}`]),
    ...(budgetUsd === undefined ? [] : [`--max-budget-usd=${budgetUsd.toFixed(4)}`]),
  ];
}
