import type { CheckResult, JudgeReport } from '../../model/attempt.ts';
import { addTokens } from '../../model/attempt-cost.ts';
import type { Check } from '../../model/check.ts';
import type { Attempt } from '../attempt.ts';
import { claudeRequest } from '../launch-request.ts';
import { commandFolder } from '../supervisor/command-folder.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { judgeArguments } from './judge-arguments.ts';
import { composeJudgePrompt } from './judge-prompt.ts';
import type { JudgedWork } from './judged-work.ts';
import { inTranscript } from '../transcript-section.ts';
import { readJudge, type JudgeAnswer } from './read-judge.ts';
import { isSpent } from './why-not-judged.ts';

export interface SentenceToJudge {
  check: Extract<Check, { kind: 'sentence' }>;
  /** Of its folder: `judge-2` is the judge of the second check. */
  name: string;
  work: JudgedWork;
  /** What is left of the run's budget. */
  budgetUsd: number | undefined;
}

interface Judged {
  /** `undefined` where the attempt was cancelled before the judge began. */
  result: CheckResult | undefined;
  judge: JudgeReport;
}

const usualTimeoutMs = 10 * 60_000;

export const noCalls: JudgeReport = {
  calls: 0,
  costUsd: 0,
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
};

export const addCalls = (one: JudgeReport, other: JudgeReport): JudgeReport => ({
  calls: one.calls + other.calls,
  costUsd: one.costUsd + other.costUsd,
  tokens: addTokens(one.tokens, other.tokens),
  ...(other.stoppedBy === undefined ? {} : { stoppedBy: other.stoppedBy }),
});

/** Has a sentence judged by a Claude Code that can only read, and once more where that came to no verdict. */
export async function judgeSentence(
  attempt: Attempt,
  workspace: Workspace,
  sentence: SentenceToJudge,
): Promise<Judged> {
  const { check, name, budgetUsd } = sentence;
  attempt.progress.step('judge', attempt.mask(check.sentence));
  const first = await ask(attempt, workspace, sentence);
  if (first === undefined) return { result: undefined, judge: noCalls };
  let judge = callOf(first);
  const result = (answer: JudgeAnswer, reason = answer.reason, durationMs = first.durationMs): CheckResult => ({
    check,
    verdict: answer.verdict,
    reason,
    exitCode: null,
    output: answer.places.join('\n'),
    durationMs,
  });
  const left = budgetUsd === undefined ? undefined : budgetUsd - first.costUsd;
  const isOver = first.verdict !== 'undecided' || first.stoppedBy !== undefined;
  if (isOver || attempt.cancel.aborted || isSpent(left)) return { result: result(first), judge };

  const undecidedBefore = first.isSaid ? first.reason : undefined;
  const again = await ask(attempt, workspace, { ...sentence, name: `${name}-again`, budgetUsd: left, undecidedBefore });
  if (again === undefined) return { result: result(first), judge };
  judge = addCalls(judge, callOf(again));
  const durationMs = first.durationMs + again.durationMs;
  if (again.verdict !== 'undecided') return { result: result(again, again.reason, durationMs), judge };
  const told = first.isSaid && !again.isSaid ? first : again;
  return { result: result(told, `${told.reason} (asked twice)`, durationMs), judge };
}

const callOf = ({ costUsd, tokens, stoppedBy }: JudgeAnswer): JudgeReport => ({
  calls: 1,
  costUsd,
  tokens,
  ...(stoppedBy === undefined ? {} : { stoppedBy }),
});

async function ask(
  attempt: Attempt,
  workspace: Workspace,
  { check, name, work, budgetUsd, undecidedBefore }: SentenceToJudge & { undecidedBefore?: string | undefined },
): Promise<(JudgeAnswer & { durationMs: number }) | undefined> {
  const { request, claude, mask } = attempt;
  const timeoutMs = claude.judgeTimeoutMs ?? usualTimeoutMs;
  const outcome = await attempt.commands.run({
    name,
    label: 'the judge',
    launch: async () => {
      const changes = await work.changes();
      const folders = [
        ...(workspace.root === workspace.path ? [] : [workspace.root]),
        ...(changes === undefined ? [] : [work.folder]),
      ];
      const model = request.model ?? claude.model;
      const args = judgeArguments({ sessionId: attempt.uuid(), model, budgetUsd, folders });
      return {
        request: claudeRequest(attempt, workspace, { name, args, timeoutMs }),
        prompt: composeJudgePrompt({
          goal: request.goal,
          sentence: check.sentence,
          claims: work.claims,
          changes,
          undecidedBefore,
          marker: attempt.uuid().slice(0, 8),
        }),
      };
    },
  });
  if (outcome === undefined) return undefined;
  const folder = commandFolder(attempt.paths.step(name));
  const again = name.endsWith('-again') ? ', asked once more' : '';
  const title = `The judge${again}: “${check.sentence}”`;
  const answer = await inTranscript(attempt, title, outcome.startedAtMs, (transcript) =>
    readJudge(folder, outcome, mask, timeoutMs, transcript),
  );
  return { ...answer, durationMs: outcome.endedAtMs - outcome.startedAtMs };
}
