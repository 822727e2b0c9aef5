import type { Check } from './check.ts';
import type { Project } from './project.ts';

/** How a supervised command ended. `lost`: its supervisor is gone and left no word. */
export const commandEnds = [
  'exited',
  'cancelled',
  'timed-out',
  'stalled',
  /** Claude's process lived on after its last `result` with nothing open, and was ended. */
  'hung',
  /** Claude's background tasks were still open long after its last `result`, and were ended. */
  'background-ended',
  /** The supervisor was told by the host to stop. */
  'terminated',
  'could-not-start',
  'lost',
] as const;
export type CommandEnd = (typeof commandEnds)[number];

/** `outcome.json` of a supervised command: written once, by rename. */
export interface CommandOutcome {
  v: 1;
  end: CommandEnd;
  exitCode: number | null;
  signal: string | null;
  /** Why it could not start or was lost. */
  error?: string | undefined;
  startedAtMs: number;
  endedAtMs: number;
  /** Processes that outlived the command and were ended: how many, and the names of up to ten. */
  left: { count: number; names: string[] };
  /** Whether nothing of the process tree is proven to be left. */
  treeProven: boolean;
}

/** What one attempt is to do. Plain JSON; the same request handed over again (after a restart) is the same attempt. */
export interface AttemptRequest {
  /** The fencing token: `r142-1`. */
  attemptId: string;
  run: number;
  attempt: number;
  jobName: string;
  project: Project;
  goal: string;
  checks: Check[];
  /** UUID of the new Claude Code session. */
  sessionId: string;
  model?: string | undefined;
  timeoutMs: number;
  /** What is left of the run's budget. */
  budgetUsd?: number | undefined;
  /** `nightdesk/<job>/r142`. */
  branch: string;
  /** A branch to start from instead of the project's base: the one of the failed run that is retried. */
  startFrom?: string | undefined;
  /** What went wrong before, in this run or in the one that is retried. */
  earlier?: EarlierAttempt | undefined;
  /** What the person said who asked for the retry. */
  note?: string | undefined;
  /** Claude has done its work in an earlier attempt: what is left is to check and judge it. */
  workDone?: WorkDone | undefined;
}

/** What is known of work whose judging was put off. */
export interface WorkDone {
  claude: ClaudeReport;
  /** Sentences that were found to hold: they are not judged again. */
  held: CheckResult[];
  transcriptPath: string | null;
}

/** What the prompt tells of the attempt before. All of it is data, never instructions. */
export interface EarlierAttempt {
  /** `attempt 1`, or `attempt 3 of r141`. */
  label: string;
  /** One sentence: `npm test exits 1`. */
  cause: string;
  failedChecks: FailedCheck[];
  lastWords?: string | undefined;
  lastError?: string | undefined;
}

/** A failed check of an earlier attempt: what its command printed, or what the judge saw. */
export type FailedCheck =
  | { command: string; exitCode: number | null; output: string }
  | { sentence: string; evidence: string; output: string };

/**
 * One check, run or judged once. `output`, masked: of a command head and tail of stdout and stderr together, of a sentence
 * the places that the judge names, a line each.
 */
export interface CheckResult {
  check: Check;
  /** `undecided`: it was tried and could not be found out. `not-judged`: a sentence that it made no sense to judge. */
  verdict: 'pass' | 'fail' | 'undecided' | 'not-judged';
  /** Why there is no verdict, how the command ended other than by an exit code, or the judge's evidence in a line. */
  reason?: string | undefined;
  exitCode: number | null;
  output: string;
  /** The last non-empty line of the output. */
  lastLine?: string | undefined;
  durationMs: number;
}

export interface PermissionDenial {
  tool: string;
  /** What was asked for, in a line: a command, or a path. */
  detail: string;
}

/** What Claude's stream and process showed, masked. */
export interface ClaudeReport {
  outcome: CommandOutcome;
  stderrTail: string;
  sessionId: string | null;
  model: string | null;
  cliVersion: string | null;
  /** `apiKeySource` of the init line. */
  keySource: string | null;
  /** The last `result` line: it counts. `null` where the stream has none. */
  result: {
    subtype: string;
    isError: boolean;
    apiErrorStatus: number | null;
    terminalReason: string | null;
    text: string;
  } | null;
  /** The CLI's own estimate, a total over the attempt; `null` where there was no `result` line. */
  costUsd: number | null;
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number };
  turns: number;
  toolCalls: number;
  /** Assistant messages with any content; 0 is an empty run. */
  assistantMessages: number;
  /** The last text Claude wrote. */
  lastWords: string;
  /** The last tool error or API error seen. */
  lastError: string | null;
  denials: PermissionDenial[];
  /** From `rate_limit_event`, where the limit was reached. */
  limitResetsAtMs: number | null;
  /** HTTP statuses of `api_retry` lines, in order. */
  apiRetries: { status: number | null; error: string }[];
  /** The tool call that was open when the process ended, and for how long. */
  openTool: { summary: string; openMs: number } | null;
}

/** What judging the sentences of an attempt took, over all calls. */
export interface JudgeReport {
  calls: number;
  /** The CLI's own estimate; a call that was killed has none. */
  costUsd: number;
  tokens: ClaudeReport['tokens'];
  /** What kept the last call from working, where that was not the sentence's doing: a usage limit, a lost login. */
  stoppedBy?: Pick<ClaudeReport, 'result' | 'limitResetsAtMs'> | undefined;
}

/** What became of pushing the run's branch. */
export type PushResult =
  | {
      kind: 'pushed';
      /** `origin` */
      remote: string;
      /** Of the branch, where the remote is a site whose addresses are known. */
      webUrl: string | null;
    }
  /** `why` is a line for people: git's own last words, or what kept nightdesk from asking it. */
  | { kind: 'not-pushed'; remote: string | null; why: string };

/** What an attempt did and found: facts only; `decideOutcome` draws the conclusion. */
export interface AttemptReport {
  v: 1;
  attemptId: string;
  startedAtMs: number;
  endedAtMs: number;
  workspace: {
    kind: 'worktree' | 'in-place';
    path: string;
    branch: string | null;
    baseCommit: string | null;
  } | null;
  /** Things people should know: a fetch that failed, leftovers that were ended. Sentences. */
  remarks: string[];
  /** A step before Claude that failed; nothing after it was done. */
  failedStep: { step: 'workspace' | 'set-up'; message: string; output: string } | null;
  checksBefore: CheckResult[];
  claude: ClaudeReport | null;
  checksAfter: CheckResult[];
  /** `null` where no sentence was judged. */
  judge: JudgeReport | null;
  /** Files of the checks themselves that differ from the base, as people are told: `package.json (scripts)`. */
  changedChecks: string[];
  /** Against the base: `null` where the workspace is no git repository or was not made. */
  changes: { files: number; insertions: number; deletions: number; names: string[] } | null;
  /** Left out where nothing was to be pushed. */
  push?: PushResult | undefined;
  /** Whether the attempt was cancelled between two commands. */
  isCancelled: boolean;
  /** Whether every process tree of the attempt is proven gone. */
  treeProven: boolean;
  /** Absolute paths of files to show people, masked. */
  transcriptPath: string | null;
  patchPath: string | null;
}

/** Where a running attempt is. */
export interface AttemptProgress {
  attemptId: string;
  step: 'workspace' | 'set-up' | 'check-before' | 'claude' | 'check-after' | 'judge' | 'push';
  /** The command or tool at work, in a line: `npm test`. */
  detail?: string | undefined;
  toolCalls: number;
}
