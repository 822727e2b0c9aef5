import type { CheckResult, ClaudeReport, JudgeReport } from '../../model/attempt.ts';
import { checkText } from '../../model/outcome.ts';
import type { Attempt } from '../attempt.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { addCalls, judgeSentence, noCalls } from './judge-sentence.ts';
import { createJudgedWork } from './judged-work.ts';
import { isSpent, whyNotJudged } from './why-not-judged.ts';

/**
 * Judges the sentences among the checks of an attempt, each in a call of its own: one verdict does not colour another, a
 * call that goes wrong leaves the others decided, and only what stayed open is asked again. The results stand by the place
 * of each check.
 */
export async function judgeSentences(
  attempt: Attempt,
  workspace: Workspace,
  claude: ClaudeReport,
  commands: readonly CheckResult[],
): Promise<{ sentences: Map<number, CheckResult>; judge: JudgeReport | null }> {
  const { checks, budgetUsd, workDone } = attempt.request;
  const held = new Map((workDone?.held ?? []).map((result) => [checkText(result.check), result]));
  const sentences = new Map<number, CheckResult>();
  const why = whyNotJudged(claude, commands);
  const work = createJudgedWork(attempt, workspace, claude.result?.text || claude.lastWords);
  let judge = noCalls;
  for (const [at, check] of checks.entries()) {
    if (check.kind === 'command') continue;
    const known = why === undefined ? held.get(check.sentence) : undefined;
    if (known !== undefined) {
      sentences.set(at, known);
      continue;
    }
    const left = budgetUsd === undefined ? undefined : budgetUsd - (claude.costUsd ?? 0) - judge.costUsd;
    const stopped = judge.stoppedBy === undefined ? undefined : 'the judge could not work';
    const reason = why ?? (isSpent(left) ? 'the budget is used up' : stopped);
    if (reason !== undefined) {
      sentences.set(at, { check, verdict: 'not-judged', reason, exitCode: null, output: '', durationMs: 0 });
      continue;
    }
    const judged = await judgeSentence(attempt, workspace, { check, name: `judge-${at + 1}`, work, budgetUsd: left });
    judge = addCalls(judge, judged.judge);
    if (judged.result !== undefined) sentences.set(at, judged.result);
  }
  return { sentences, judge: judge.calls === 0 ? null : judge };
}
