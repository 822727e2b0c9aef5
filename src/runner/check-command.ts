import type { CheckResult, CommandEnd, CommandOutcome } from '../model/attempt.ts';
import type { Check } from '../model/check.ts';
import { formatDuration } from '../model/duration.ts';
import { readOutput, type OutputMask } from './read-output.ts';

/** What a command check found, from how its command ended and what it printed. */
export function judgeCommand(
  check: Extract<Check, { kind: 'command' }>,
  outcome: CommandOutcome,
  outputPath: string,
  mask: OutputMask,
  timeoutMs: number,
): CheckResult {
  const { output, lastLine } = readOutput(outputPath, mask);
  const hasEnded = outcome.end === 'exited' || outcome.end === 'timed-out';
  const hasPassed = outcome.end === 'exited' && outcome.exitCode === 0;
  return {
    check,
    verdict: hasPassed ? 'pass' : hasEnded ? 'fail' : 'undecided',
    reason: outcome.end === 'exited' && outcome.exitCode !== null ? undefined : describeEnd(outcome, timeoutMs),
    exitCode: outcome.exitCode,
    output,
    lastLine,
    durationMs: outcome.endedAtMs - outcome.startedAtMs,
  };
}

/** How a command ended, to stand behind its name: `exits 1`, `ran out of time at 10 min`. */
export const describeEnd = (outcome: CommandOutcome, timeoutMs: number): string =>
  endings[outcome.end](outcome, timeoutMs);

const silent = (): string => 'was ended because nothing came from it';

const endings: Record<CommandEnd, (outcome: CommandOutcome, timeoutMs: number) => string> = {
  exited: ({ exitCode, signal }) => (exitCode === null ? `was killed by ${signal ?? 'a signal'}` : `exits ${exitCode}`),
  'timed-out': (_outcome, timeoutMs) => `ran out of time at ${formatDuration(timeoutMs)}`,
  'could-not-start': ({ error }) => `could not be started: ${error ?? 'no reason is known'}`,
  cancelled: () => 'was cancelled',
  terminated: () => 'was stopped by the host',
  lost: ({ error }) => `was interrupted: ${error ?? 'its supervisor is gone'}`,
  stalled: silent,
  hung: silent,
  'background-ended': silent,
};
