import type { Attempt } from '../db/attempts.ts';
import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import { isAtLeast, roleIn } from '../model/access.ts';
import type { CheckResult } from '../model/attempt.ts';
import { roundUsd } from '../model/attempt-cost.ts';
import { formatCheck } from '../model/check.ts';
import { isFinal, runLabel } from '../model/run.ts';
import { ownersOf } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';
import { isRetryable } from './is-retryable.ts';
import { runViewKey } from './tell-run.ts';
import { deletedRemnants } from './texts/deleted-text.ts';
import { plainText } from './texts/plain-text.ts';
import { waitText } from './texts/wait-text.ts';
import { renderRunView, runActions } from './texts/run-view.ts';

/** A run as a line of a list. */
export function runJson(store: Store, run: Run) {
  const wait = run.waitReason === null ? null : plainText(waitText(run)).replace(/^[: ]+/, '');
  return {
    id: runLabel(run.id),
    number: run.id,
    job: run.spec.jobName,
    project: run.spec.project,
    status: run.status,
    isLive: !isFinal(run.status),
    reason: run.reason === null ? wait : plainText(run.reason).trim(),
    trigger: run.trigger,
    requestedBy: run.requestedBy,
    retryOf: run.retryOf === null ? null : runLabel(run.retryOf),
    attemptCount: store.attempts.count(run.id),
    queuedAt: run.queuedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    costUsd: roundUsd(run.costUsd),
    channel: run.spec.channel,
    messageRef: store.outbox.view(runViewKey(run.id))?.messageRef ?? null,
  };
}

interface Reader {
  person: string;
  settings: DeskSettings;
  now: Date;
}

/** A run with its attempts, its proof, and what `person` can do with it. */
export function runDetail(store: Store, run: Run, { person, settings, now }: Reader) {
  const attempts = store.attempts.ofRun(run.id);
  const deleted = deletedRemnants(run.endedAt, store.runFiles.get(run.id));
  const areLogsGone = deleted.some(({ what }) => what === 'logs');
  const isJobDeleted = store.jobs.isDeleted(run.jobId);
  const wanted = ownersOf(run).includes(person) ? 'member' : 'maintainer';
  const isAllowed = isAtLeast(roleIn(settings.access, run.spec.project, { person }), wanted);
  const facts = { run, attempts, isRetryable: isRetryable(store, run) };
  const body = store.outbox.view(runViewKey(run.id))?.body ?? renderRunView({ ...facts, now });
  return {
    ...runJson(store, run),
    goal: run.spec.goal,
    checks: run.spec.checks.map(formatCheck),
    branch: attempts.findLast((attempt) => attempt.report?.workspace)?.report?.workspace?.branch ?? null,
    note: run.note,
    owner: run.spec.owner,
    dueAt: run.dueAt?.toISOString() ?? null,
    currentJob: isJobDeleted ? null : (store.jobs.get(run.jobId)?.name ?? null),
    retries: store.runs.retriesOf(run.id).map((retry) => runLabel(retry.id)),
    headline: body.filter((block) => block.kind !== 'actions'),
    actions: isAllowed ? runActions(facts).map(({ kind }) => kind) : [],
    pending: store.reactions.ofRun(run.id).map((reaction) => ({
      control: reaction.control,
      person: reaction.person,
      actsInMs: Math.max(0, reaction.actsAt.getTime() - now.getTime()),
    })),
    deleted: deleted.map(({ what, at, text }) => ({ what, at: at.toISOString(), text })),
    attempts: attempts.map((attempt) => ({
      ...attemptJson(attempt),
      ...(areLogsGone ? { hasLog: false, hasPatch: false } : {}),
    })),
  };
}

function attemptJson(attempt: Attempt) {
  const {
    report,
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
  } = attempt;
  const hasTokens = input !== null && output !== null && cacheRead !== null && cacheWrite !== null;
  return {
    number: attempt.number,
    cause: attempt.cause,
    reason: attempt.reason === null ? null : plainText(attempt.reason) || attempt.cause,
    startedAt: attempt.startedAt.toISOString(),
    endedAt: attempt.endedAt?.toISOString() ?? null,
    costUsd: attempt.costUsd === null ? null : roundUsd(attempt.costUsd),
    turns: attempt.turns,
    toolCalls: attempt.toolCalls,
    tokens: hasTokens ? { input, output, cacheRead, cacheWrite } : null,
    model: attempt.model,
    cliVersion: attempt.cliVersion,
    keySource: attempt.keySource,
    sessionId: attempt.sessionId,
    checksBefore: (report?.checksBefore ?? []).map(checkResultJson),
    checksAfter: (report?.checksAfter ?? []).map(checkResultJson),
    failedStep: report?.failedStep ? { ...report.failedStep, output: endOf(report.failedStep.output) } : null,
    changes: report?.changes ?? null,
    denials: report?.claude?.denials ?? [],
    remarks: report?.remarks ?? [],
    words: (report?.claude?.result?.text || report?.claude?.lastWords || '').trim(),
    hasLog: report === null || report.transcriptPath !== null,
    hasPatch: report?.patchPath != null && (report.changes?.files ?? 0) > 0,
  };
}

const checkResultJson = ({ check, verdict, exitCode, reason, durationMs, output }: CheckResult) => ({
  check: formatCheck(check),
  verdict,
  exitCode,
  reason: reason ?? null,
  durationMs,
  outputEnd: endOf(output),
});

const shownLines = 40;
const shownCharacters = 8_000;

/** The last lines of an output, from the beginning of a line where there is one. */
function endOf(output: string): string {
  return output.trimEnd().split('\n').slice(-shownLines).join('\n').slice(-shownCharacters);
}
