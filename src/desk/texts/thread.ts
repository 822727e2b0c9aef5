import type { Attempt } from '../../db/attempts.ts';
import type { Run } from '../../db/runs.ts';
import type { CheckResult } from '../../model/attempt.ts';
import {
  bold,
  claudeSays,
  code,
  line,
  output,
  person,
  type Block,
  type Inline,
  type Message,
} from '../../model/message.ts';
import { cut } from '../../model/grammar/mistake.ts';
import { runLabel } from '../../model/run.ts';
import { changedChecksLine, checkBlocks, lastLines } from './check-lines.ts';
import { runLink } from './page-links.ts';
import { reachBlocks } from './reach.ts';
import { costText, dotted, isPutOff, lastReport, ordinalOf, plural } from './run-facts.ts';
import { formatDuration } from '../../model/duration.ts';

/** Files of an attempt to attach to what is told of it. */
export function attemptFiles(attempt: Attempt, ordinal: number, hasPatch: boolean): { name: string; path: string }[] {
  const { report } = attempt;
  if (report === null) return [];
  return [
    ...(report.transcriptPath === null ? [] : [{ name: `attempt-${ordinal}.log`, path: report.transcriptPath }]),
    ...(hasPatch && report.patchPath !== null ? [{ name: 'changes.patch', path: report.patchPath }] : []),
  ];
}

/** In the thread, when an attempt failed and another one follows. */
export function renderAttemptFailed(attempt: Attempt, ordinal: number, next: Inline[]): Message {
  return [line(`attempt ${ordinal}: `, ...attemptSummary(attempt), '. ', ...next), ...evidence(attempt, [])];
}

/** In the thread, when the run has ended: the proof. */
export function renderResult(run: Run, attempts: readonly Attempt[]): Message {
  const last = attempts.at(-1);
  const report = lastReport(attempts);
  const before = attempts[0]?.report?.checksBefore ?? [];
  const blocks: Block[] = last === undefined ? [] : evidence(last, before);
  if (attempts.length > 1 || blocks.length === 0) {
    blocks.push(...attempts.map((each) => renderAttemptLine(each, attempts)));
  }
  if (report !== undefined) blocks.push(...changedFiles(report.changes));
  if (report?.workspace?.branch != null && (report.changes?.files ?? 0) > 0) {
    blocks.push(...reachBlocks(report.workspace.branch, report.push));
  }
  return blocks.length > 0
    ? blocks
    : [line(bold(run.spec.jobName), ` ${runLabel(run.id)} ended before an attempt began.`)];
}

/** An attempt in one line: how it ended, how long it took, what it cost. */
export const renderAttemptLine = (attempt: Attempt, attempts: readonly Attempt[]): Block =>
  line(isPutOff(attempt) ? 'put off: ' : `attempt ${ordinalOf(attempts, attempt)}: `, ...attemptSummary(attempt));

function attemptSummary(attempt: Attempt): Inline[] {
  const took =
    attempt.endedAt === null ? undefined : formatDuration(attempt.endedAt.getTime() - attempt.startedAt.getTime());
  const isDone = attempt.cause === 'done' || attempt.reason === null || attempt.reason.length === 0;
  const what: Inline[] = isDone
    ? [attempt.cause === 'done' ? 'succeeded' : (attempt.cause ?? 'running')]
    : (attempt.reason ?? []);
  return dotted(
    what,
    took,
    attempt.costUsd === null ? undefined : costText(attempt.costUsd, [attempt]),
    attempt.toolCalls === null || attempt.toolCalls === 0 ? undefined : plural(attempt.toolCalls, 'tool call'),
    attempt.model ?? undefined,
  );
}

function evidence(attempt: Attempt, before: readonly CheckResult[]): Block[] {
  const { report } = attempt;
  if (report === null) return [];
  const failedStep = report.failedStep;
  const blocks: Block[] = [];
  if (failedStep !== null && failedStep.output.trim() !== '') blocks.push(output(lastLines(failedStep.output, 15)));
  blocks.push(...checkBlocks(report.checksAfter, before));
  const changedChecks = changedChecksLine(report);
  if (changedChecks !== undefined) blocks.push(changedChecks);
  const denials = report.claude?.denials ?? [];
  if (denials.length > 0) {
    blocks.push(line('Not allowed: ', ...dotted(...denials.map((each) => [code(each.detail || each.tool)]))));
  }
  const stderr = report.claude?.result === null ? report.claude.stderrTail.trim() : '';
  if (stderr !== '') blocks.push(output(lastLines(stderr, 15)));
  const words = (report.claude?.result?.text || report.claude?.lastWords || '').trim();
  // A headline of success has Claude's words already.
  if (words !== '' && attempt.cause !== 'done' && attempt.cause !== 'unverified')
    blocks.push(claudeSays(cut(words, 1_500)));
  blocks.push(...report.remarks.map((remark) => line(remark)));
  return blocks;
}

function changedFiles(
  changes: { files: number; insertions: number; deletions: number; names: string[] } | null,
): Block[] {
  if (changes === null || changes.files === 0) return [];
  const shown = changes.names.slice(0, 20);
  const rest = changes.files - shown.length;
  return [
    line(`${plural(changes.files, 'file')} changed, +${changes.insertions} −${changes.deletions}:`),
    output([...shown, ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n')),
  ];
}

/** In the thread of a retry, first of all. */
export function renderRetryOpening(run: Run): Message {
  const by = run.requestedBy === null ? [] : [', asked for by ', person(run.requestedBy)];
  const opening = line('Retry of ', runLink(run.retryOf ?? 0), ...by, '.');
  return run.note === null ? [opening] : [opening, line('With the note: ', run.note)];
}
