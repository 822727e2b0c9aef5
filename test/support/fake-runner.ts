import type { AttemptReport, AttemptRequest, CheckResult, ClaudeReport } from '../../src/model/attempt.ts';
import type { Runner, RunnerHandlers } from '../../src/runner/runner.ts';

export interface FakeRunner extends Runner {
  /** What it was handed, in order. */
  started: AttemptRequest[];
  cancelled: string[];
  /** Ends an attempt: the newest one unless `attemptId` is given. */
  report(change?: Partial<AttemptReport>): void;
  progress: RunnerHandlers['onProgress'];
}

/** A runner that runs nothing: the test says how each attempt ends. */
export function createFakeRunner(): FakeRunner {
  let handlers: RunnerHandlers | undefined;
  const started: AttemptRequest[] = [];
  const cancelled: string[] = [];
  return {
    started,
    cancelled,
    listen: (given) => {
      handlers = given;
    },
    start: (request) => void started.push(request),
    cancel: (attemptId) => void cancelled.push(attemptId),
    read: async () => Buffer.alloc(0),
    size: async () => 0,
    stop: async () => {},
    report: (change = {}) => handlers?.onReport(fakeReport({ attemptId: started.at(-1)?.attemptId ?? '', ...change })),
    progress: (progress) => handlers?.onProgress(progress),
  };
}

/** The report of an attempt that went well and changed one file. */
export function fakeReport(change: Partial<AttemptReport> & { attemptId: string }): AttemptReport {
  return {
    v: 1,
    startedAtMs: 0,
    endedAtMs: 60_000,
    workspace: { kind: 'worktree', path: '/work', branch: 'nightdesk/job/r1', baseCommit: 'abc' },
    remarks: [],
    failedStep: null,
    checksBefore: [],
    claude: fakeClaude(),
    checksAfter: [],
    judge: null,
    changedChecks: [],
    changes: { files: 1, insertions: 2, deletions: 1, names: ['src/a.ts'] },
    isCancelled: false,
    treeProven: true,
    transcriptPath: null,
    patchPath: null,
    ...change,
  };
}

export function fakeClaude(change: Partial<ClaudeReport> = {}): ClaudeReport {
  return {
    outcome: {
      v: 1,
      end: 'exited',
      exitCode: 0,
      signal: null,
      startedAtMs: 0,
      endedAtMs: 60_000,
      left: { count: 0, names: [] },
      treeProven: true,
    },
    stderrTail: '',
    sessionId: 'session',
    model: 'claude-test',
    cliVersion: '2.1.330',
    keySource: 'ANTHROPIC_API_KEY',
    result: { subtype: 'success', isError: false, apiErrorStatus: null, terminalReason: 'completed', text: 'Done.' },
    costUsd: 0.5,
    tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
    turns: 2,
    toolCalls: 1,
    assistantMessages: 2,
    lastWords: 'Done.',
    lastError: null,
    denials: [],
    limitResetsAtMs: null,
    apiRetries: [],
    openTool: null,
    ...change,
  };
}

export function fakeCheck(command: string, exitCode: number | null, output = ''): CheckResult {
  return {
    check: { kind: 'command', command },
    verdict: exitCode === 0 ? 'pass' : 'fail',
    exitCode,
    output,
    lastLine: output.trimEnd().split('\n').at(-1),
    durationMs: 10,
  };
}

export function fakeSentence(sentence: string, verdict: CheckResult['verdict'], reason?: string): CheckResult {
  return { check: { kind: 'sentence', sentence }, verdict, reason, exitCode: null, output: '', durationMs: 10 };
}
