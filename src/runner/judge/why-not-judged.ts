import type { CheckResult, ClaudeReport } from '../../model/attempt.ts';
import { checkText, hasFinished } from '../../model/outcome.ts';

/** Below this Claude Code gets no answer out of a budget. */
const leastBudgetUsd = 0.01;

/**
 * Why the sentences of an attempt are not worth a judge, or `undefined`: what is judged would not last where a command has
 * failed and the work goes on, and would decide nothing where Claude itself did not finish.
 */
export function whyNotJudged(claude: ClaudeReport, commands: readonly CheckResult[]): string | undefined {
  if (!hasFinished(claude)) return 'Claude did not finish';
  const failed = commands.find(({ verdict }) => verdict === 'fail');
  return failed && `\`${checkText(failed.check)}\` failed first`;
}

export const isSpent = (budgetUsd: number | undefined): boolean =>
  budgetUsd !== undefined && budgetUsd <= leastBudgetUsd;
