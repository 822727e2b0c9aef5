import type { Check } from '../../model/check.ts';
import {
  bold,
  buttons,
  claudeSays,
  code,
  line,
  type Action,
  type ActionKind,
  type Block,
  type Inline,
  type Message,
} from '../../model/message.ts';
import { isFinal, runLabel, type FinalStatus } from '../../model/run.ts';
import { cut } from '../../model/grammar/mistake.ts';
import { checkName } from '../../model/outcome.ts';
import { renderAdvice } from './advice.ts';
import { cancellerText } from './canceller-text.ts';
import { changedChecksLine, checkVerdict, findBefore } from './check-lines.ts';
import { runLink } from './page-links.ts';
import { waitText } from './wait-text.ts';
import { statusMarks } from './run-line.ts';
import {
  costText,
  dotted,
  durationText,
  isPutOff,
  lastReport,
  ordinalOf,
  plural,
  putOffText,
  type RunFacts,
} from './run-facts.ts';

/** The status message of a run: one line while it lives, the headline when it has ended. */
export function renderRunView(facts: RunFacts): Message {
  const actions = runActions(facts);
  return [...renderStatus(facts), ...(actions.length === 0 ? [] : [buttons(...actions)])];
}

function renderStatus(facts: RunFacts): Message {
  const { status } = facts.run;
  if (isFinal(status)) return renderHeadline(facts, status);
  const name = [bold(facts.run.spec.jobName), ' ', runLink(facts.run.id)];
  switch (status) {
    case 'queued':
      return [line('🕔 ', ...name, ' waits', ...waitText(facts.run))];
    case 'deferred': {
      const last = facts.attempts.at(-1);
      const putOff = last !== undefined && isPutOff(last) ? `. ${putOffText(last)}` : '.';
      return [line('🕔 ', ...name, ' waits', ...waitText(facts.run), putOff)];
    }
    case 'running':
      return [
        line('⏳ ', ...name, ' · ', ...(facts.run.cancelledBy === null ? runningText(facts) : ['is being cancelled'])),
      ];
  }
}

/** What can be done to a run now. */
export function runActions({
  run,
  attempts,
  isRetryable,
}: Pick<RunFacts, 'run' | 'attempts' | 'isRetryable'>): Action[] {
  const again: ActionKind[] = isRetryable ? ['retry', 'retry-with-note'] : [];
  const stop: ActionKind[] = run.cancelledBy === null ? ['cancel'] : [];
  const hasLog = attempts.some((attempt) => attempt.report?.transcriptPath != null);
  const kinds: ActionKind[] = [...(isFinal(run.status) ? again : stop), ...(hasLog ? (['log'] as const) : [])];
  return kinds.map((kind) => ({ kind, target: runLabel(run.id) }));
}

function runningText(facts: RunFacts): Inline[] {
  const { run, progress } = facts;
  return dotted(
    `attempt ${currentOrdinal(facts)}`,
    durationText(facts),
    progress === undefined ? 'starting' : stepText(progress),
    progress === undefined || progress.toolCalls === 0 ? undefined : plural(progress.toolCalls, 'tool call'),
    run.costUsd > 0 ? `${costText(run.costUsd, facts.attempts)} so far` : undefined,
  );
}

function currentOrdinal({ attempts }: RunFacts): number {
  const last = attempts.at(-1);
  return last === undefined ? 1 : ordinalOf(attempts, last);
}

function stepText(progress: NonNullable<RunFacts['progress']>): Inline[] {
  const detail = progress.detail === undefined ? [] : [' ', code(progress.detail)];
  switch (progress.step) {
    case 'workspace':
      return ['preparing the workspace'];
    case 'set-up':
      return ['setting up', ...detail];
    case 'check-before':
      return ['checking first', ...detail];
    case 'claude':
      return progress.detail === undefined ? ['Claude is thinking'] : ['running', ...detail];
    case 'check-after':
      return ['checking', ...detail];
    case 'judge':
      return [`judging “${progress.detail ?? ''}”`];
    case 'push':
      return ['pushing', ...detail];
  }
}

function renderHeadline(facts: RunFacts, status: FinalStatus): Message {
  const { run, attempts } = facts;
  const cost = run.costUsd > 0 ? costText(run.costUsd, attempts) : undefined;
  const mark = attempts.at(-1)?.cause === 'permission' ? '🔒' : statusMarks[status];
  const first = line(
    `${mark} `,
    bold(run.spec.jobName),
    ' ',
    runLink(run.id),
    ' ',
    ...dotted(endText(facts, status), status === 'cancelled' ? undefined : durationText(facts), cost),
  );
  const blocks: (Block | undefined)[] = [
    first,
    checksLine(facts, status),
    changedChecksLine(lastReport(attempts)),
    workLine(facts, status),
    renderAdvice(facts, status),
    wordsBlock(facts, status),
  ];
  return blocks.filter((block) => block !== undefined);
}

function endText(facts: RunFacts, status: FinalStatus): Inline[] {
  const { run } = facts;
  const reason = run.reason ?? [];
  const after = run.attemptsUsed > 1 ? ` after ${run.attemptsUsed} attempts` : '';
  const because = reason.length === 0 ? [] : [': ', ...reason];
  switch (status) {
    case 'succeeded': {
      const number = currentOrdinal(facts);
      const attempt = number > 1 ? ` on attempt ${number}` : '';
      return [`succeeded${attempt}${hasChanges(facts) ? '' : ', no changes'}`];
    }
    case 'unverified':
      return ['finished, unverified', ...because];
    case 'failed':
      return [`failed${after}`, ...because];
    case 'timed-out':
    case 'stalled':
      return after === '' ? reason : [`ended${after}`, ...because];
    case 'cancelled': {
      const took = durationText(facts);
      return [
        'cancelled',
        ...(run.cancelledBy === null ? [] : [' by ', cancellerText(run.cancelledBy)]),
        took === undefined ? ' before it started' : ` after ${took}`,
      ];
    }
    case 'lost':
      return [`is lost${after}`, ...because];
  }
}

function hasChanges({ attempts }: RunFacts): boolean {
  const changes = lastReport(attempts)?.changes;
  return changes === undefined || changes === null || changes.files > 0;
}

function checksLine({ attempts }: RunFacts, status: FinalStatus): Block | undefined {
  const after = lastReport(attempts)?.checksAfter ?? [];
  if (after.length === 0 || status === 'cancelled') return undefined;
  const before = attempts[0]?.report?.checksBefore ?? [];
  return line('checks: ', ...dotted(...after.map((result) => checkVerdict(result, findBefore(before, result.check)))));
}

function workLine({ attempts }: RunFacts, status: FinalStatus): Block | undefined {
  const report = lastReport(attempts);
  if (report?.workspace == null || report.changes === null) return undefined;
  const { changes, workspace } = report;
  if (changes.files === 0) return status === 'succeeded' ? undefined : line('No files changed.');
  const isPushed = report.push?.kind === 'pushed' ? [' (pushed)'] : [];
  const where = workspace.branch === null ? ['in place'] : ['branch ', code(workspace.branch), ...isPushed];
  return line(...dotted(where, `${plural(changes.files, 'file')}, +${changes.insertions} −${changes.deletions}`));
}

const maxWords = 600;

function wordsBlock({ attempts }: RunFacts, status: FinalStatus): Block | undefined {
  const words = lastReport(attempts)?.claude?.result?.text.trim() ?? '';
  if (words === '' || (status !== 'succeeded' && status !== 'unverified')) return undefined;
  return claudeSays(cut(words, maxWords));
}

/** Checks as one fragment: `npm test`, “no breaking changes”. */
export const checkList = (checks: readonly Check[]): Inline[] =>
  checks.flatMap((check, index) => [...(index === 0 ? [] : [', ']), checkName(check)]);
