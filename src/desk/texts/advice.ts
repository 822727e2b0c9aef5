import { code, line, type Block, type Inline } from '../../model/message.ts';
import type { AttemptCause } from '../../model/outcome.ts';
import type { FinalStatus } from '../../model/run.ts';
import { lastReport, plural, type RunFacts } from './run-facts.ts';

/** Under the headline of a run that did not succeed: what to do now. */
export function renderAdvice({ run, attempts, isRetryable }: RunFacts, status: FinalStatus): Block | undefined {
  const cause = attempts.at(-1)?.cause ?? null;
  if (cause === 'permission') {
    return line('Allow it with ', code('allowedTools'), ' of project ', code(run.spec.project), '.');
  }
  if (status === 'unverified' && run.spec.checks.length === 0) {
    return line('Give the job a check with ', code('--accept'), ' and the result is proven.');
  }
  if (status === 'succeeded' || status === 'unverified') return undefined;
  if (!isRetryable) return undefined;
  const report = lastReport(attempts);
  const branch = report?.workspace?.branch ?? null;
  const again =
    branch !== null && (report?.changes?.files ?? 0) > 0
      ? 'The work so far is on its branch. 🔁 tries again from there, with what failed.'
      : '🔁 runs it again.';
  const circumstances = { overloads: run.overloads, isTreeGone: report?.treeProven ?? true };
  const advice = status === 'cancelled' || cause === null ? undefined : adviceByCause[cause]?.(circumstances);
  return line(...(advice ?? []), again);
}

interface Circumstances {
  overloads: number;
  isTreeGone: boolean;
}

const adviceByCause: Partial<Record<AttemptCause, (facts: Circumstances) => Inline[]>> = {
  lost: ({ isTreeGone }) => [
    isTreeGone ? 'Nothing of it is running. ' : 'Something of it may still be running on the host. ',
  ],
  'prompt-too-long': () => ['A smaller goal, or one that names the files it needs, leaves more room. '],
  overloaded: ({ overloads }) =>
    overloads === 0 ? [] : [`It was put off ${plural(overloads, 'time')}, for longer each time. `],
  'could-not-start': () => [code('claude.command'), ' in nightdesk.yaml says how Claude Code is started. '],
  crashed: () => ['The last words of the process are in the thread. '],
};
