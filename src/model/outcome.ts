import type { AttemptReport, CheckResult, ClaudeReport } from './attempt.ts';
import type { Check } from './check.ts';
import { formatDuration } from './duration.ts';
import type { Inline } from './message.ts';
import { code } from './message.ts';
import { shorten, troubleInResult, troubleInWords } from './known-trouble.ts';

/** Why an attempt ended as it did; each cause has its own next step (`decideNext`). */
export type AttemptCause =
  | 'done'
  | 'cancelled'
  | 'timed-out'
  | 'stalled'
  | 'lost'
  | 'workspace'
  | 'set-up'
  | 'could-not-start'
  | 'crashed'
  | 'not-logged-in'
  | 'no-credit'
  | 'usage-limit'
  | 'overloaded'
  | 'prompt-too-long'
  | 'budget'
  | 'reported-error'
  | 'nothing-said'
  | 'permission'
  | 'check-failed'
  | 'unverified';

export interface AttemptOutcome {
  cause: AttemptCause;
  /** One sentence fragment for people: `npm test` exits 1. */
  reason: Inline[];
  /** For `usage-limit`: when the limit resets, where that is known. */
  resetsAt?: Date | undefined;
  /** Claude Code's own words for what keeps it from working, in a line. */
  said?: string | undefined;
  /** Claude has done its work, and a sentence could not be judged: judging it is what waits. */
  isOfJudge?: boolean | undefined;
}

/** What people are told of an outcome besides what the report says. */
export interface OutcomeSetting {
  /** In which wall-clock times without a zone are meant: `resets 3:45pm`. */
  zone: string;
  /** The time limit that Claude had. */
  timeoutMs: number;
}

/**
 * Draws the conclusion from an attempt's facts. The order matters: what nightdesk itself did comes first, then what kept
 * Claude from working, then what Claude reported, and the checks decide last: exit 0 is not success.
 */
export function decideOutcome(report: AttemptReport, setting: OutcomeSetting): AttemptOutcome {
  if (report.isCancelled || report.claude?.outcome.end === 'cancelled') return { cause: 'cancelled', reason: [] };
  if (report.failedStep !== null) {
    return { cause: report.failedStep.step, reason: [report.failedStep.message] };
  }
  const { claude } = report;
  if (claude === null) return { cause: 'lost', reason: ['nothing is known of how it ended'] };
  return (
    ownSignal(claude, setting.timeoutMs) ??
    noResult(claude) ??
    reportedError(claude, new Date(report.endedAtMs), setting.zone) ??
    judgeStopped(report, setting.zone) ??
    checked(report, claude)
  );
}

/** Whether Claude came to its end by itself and without an error, so that the checks decide. */
export const hasFinished = (claude: ClaudeReport): boolean =>
  // The limit, the instant and the zone matter only for what people are told.
  (ownSignal(claude, 0) ?? noResult(claude) ?? reportedError(claude, new Date(0), 'UTC')) === undefined;

function ownSignal(claude: ClaudeReport, timeoutMs: number): AttemptOutcome | undefined {
  const { end, error } = claude.outcome;
  switch (end) {
    case 'timed-out':
      return { cause: 'timed-out', reason: [`ran out of time at ${formatDuration(timeoutMs)}`, ...openTool(claude)] };
    case 'stalled':
      return { cause: 'stalled', reason: ['gave no sign of life', ...openTool(claude)] };
    case 'could-not-start':
      return { cause: 'could-not-start', reason: [error ?? 'Claude Code could not be started'] };
    case 'terminated':
      return { cause: 'lost', reason: ['the host stopped it'] };
    case 'cancelled':
    case 'exited':
    case 'hung':
    case 'background-ended':
    case 'lost':
      return undefined;
  }
}

function openTool({ openTool: tool }: ClaudeReport): Inline[] {
  return tool === null ? [] : [', in ', code(tool.summary), ` (open for ${formatDuration(tool.openMs)})`];
}

function noResult(claude: ClaudeReport): AttemptOutcome | undefined {
  if (claude.result !== null) return undefined;
  if (claude.outcome.end === 'lost')
    return { cause: 'lost', reason: [claude.outcome.error ?? 'its supervisor is gone'] };
  // Not Claude's last words: who works on a login page speaks of people who are not logged in.
  const known = troubleInWords(claude.stderrTail);
  if (known !== undefined) return known;
  const how =
    claude.outcome.signal === null
      ? `exit ${claude.outcome.exitCode ?? 'unknown'}`
      : `killed by ${claude.outcome.signal}`;
  const lastLine = claude.stderrTail.trimEnd().split('\n').at(-1)?.trim();
  return {
    cause: 'crashed',
    reason: [`Claude Code ended without a result (${how})`, ...(lastLine ? [': ', code(lastLine)] : [])],
  };
}

function reportedError(claude: ClaudeReport, now: Date, zone: string): AttemptOutcome | undefined {
  const { result } = claude;
  if (result === null) return undefined;
  if (result.subtype === 'error_max_budget_usd') return { cause: 'budget', reason: ['the budget is used up'] };
  if (result.isError || result.subtype !== 'success') {
    return (
      troubleInResult(claude, now, zone) ?? {
        cause: 'reported-error',
        reason: ['Claude Code reported an error: ', shorten(result.text || claude.lastError || result.subtype)],
      }
    );
  }
  if (result.terminalReason !== null && result.terminalReason !== 'completed') {
    return { cause: 'reported-error', reason: ['Claude Code stopped early: ', code(result.terminalReason)] };
  }
  if (claude.assistantMessages === 0) return { cause: 'nothing-said', reason: ['Claude ended without a word'] };
  return undefined;
}

/** Where a check has failed already, the next attempt meets the trouble by itself. */
function judgeStopped({ judge, checksAfter, endedAtMs }: AttemptReport, zone: string): AttemptOutcome | undefined {
  if (judge?.stoppedBy === undefined || checksAfter.some(({ verdict }) => verdict === 'fail')) return undefined;
  const trouble = troubleInResult(judge.stoppedBy, new Date(endedAtMs), zone);
  return trouble && { ...trouble, isOfJudge: true };
}

function checked(report: AttemptReport, claude: ClaudeReport): AttemptOutcome {
  const failed = report.checksAfter.filter((result) => result.verdict === 'fail');
  const hasProof = report.checksAfter.some((result) => result.verdict === 'pass');
  const open = report.checksAfter.filter(({ verdict }) => verdict === 'undecided' || verdict === 'not-judged');
  const denial = claude.denials[0];
  if (denial !== undefined && (failed.length > 0 || !hasProof)) {
    return { cause: 'permission', reason: ['Claude was not allowed to run ', code(denial.detail || denial.tool)] };
  }
  if (failed.length > 0) return { cause: 'check-failed', reason: failed.flatMap(failedReason) };
  if (report.checksAfter.length === 0) return { cause: 'unverified', reason: ['no checks were given'] };
  const [first] = open;
  if (first !== undefined) {
    const more = open.length === 1 ? '' : `, and ${open.length - 1} more without a verdict`;
    return { cause: 'unverified', reason: [...openReason(first), more] };
  }
  return { cause: 'done', reason: [] };
}

function failedReason(result: CheckResult, index: number): Inline[] {
  return [index === 0 ? '' : ', ', checkName(result.check), ` ${howItFailed(result)}`];
}

function openReason({ check, verdict, reason }: CheckResult): Inline[] {
  const how = verdict === 'not-judged' ? 'was not judged' : 'undecided';
  return [checkName(check), reason === undefined ? ` ${how}` : ` ${how}: ${reason}`];
}

/** `exits 1`, `ran out of time at 10 min`, or `does not hold: …`: to stand behind the name of a check that failed. */
export function howItFailed({ check, exitCode, reason }: CheckResult): string {
  if (check.kind === 'sentence') return reason === undefined ? 'does not hold' : `does not hold: ${reason}`;
  return exitCode === null ? (reason ?? 'did not end') : `exits ${exitCode}`;
}

/** A check's own words: a command as code, a sentence in quotes. */
export const checkName = (check: Check): Inline =>
  check.kind === 'command' ? code(check.command) : `“${check.sentence}”`;

/** A check as people typed it, without the leading `$ `. */
export const checkText = (check: Check): string => (check.kind === 'command' ? check.command : check.sentence);
