import type { Attempt } from '../db/attempts.ts';
import type { Run } from '../db/runs.ts';
import type { Change, Store } from '../db/store.ts';
import type { AttemptReport, AttemptRequest } from '../model/attempt.ts';
import { attemptCost } from '../model/attempt-cost.ts';
import { isHoldCause } from '../model/hold.ts';
import { line, type Inline } from '../model/message.ts';
import { decideOutcome, type AttemptOutcome } from '../model/outcome.ts';
import { decideNext, type NextStep } from '../model/retry.ts';
import { nextStatus } from '../model/run.ts';
import type { Runner } from '../runner/runner.ts';
import type { DeskSettings } from './desk-settings.ts';
import { findWait, holdLogin, type Wait } from './hold-login.ts';
import { startAttempt } from './start-next.ts';
import { putOffText, usdText } from './texts/run-facts.ts';
import { runViewKey, showRun, tellAttemptFailed, tellRunEnded } from './tell-run.ts';
import { waitText } from './texts/wait-text.ts';
import type { WatchHost } from './watch-host.ts';

export interface SettleAttemptDependencies {
  store: Store;
  runner: Pick<Runner, 'start'>;
  settings: DeskSettings;
  startNext: () => void;
  diskWait: WatchHost['diskWait'];
  now: () => Date;
}

/**
 * Takes the report of an attempt: keeps its facts, and decides what follows. A report of an attempt that is not its run's
 * current one, or that has ended before, writes nothing: the attempt's id is the run's fencing token.
 */
export function createSettleAttempt(dependencies: SettleAttemptDependencies): (report: AttemptReport) => void {
  const { store, runner, settings, startNext, diskWait, now } = dependencies;
  return (report) => {
    const request = store.change((change): AttemptRequest | undefined => {
      const attempt = change.attempts.get(report.attemptId);
      const run = attempt && change.runs.get(attempt.runId);
      if (attempt === undefined || run === undefined) return undefined;
      if (run.currentAttemptId !== attempt.id || run.status !== 'running' || attempt.endedAt !== null) return undefined;
      const outcome = decideOutcome(report, { zone: settings.hostZone, timeoutMs: run.spec.settings.timeoutMs });
      const settled = keepFacts(change, { run, attempt, report, outcome, now: now() });
      const project = settings.projects.get(run.spec.project);
      const budget = run.spec.settings.budgetUsd;
      const isTreeGone = report.treeProven || report.workspace?.kind !== 'in-place';
      const next = decideNext(outcome, {
        attemptsUsed: settled.attemptsUsed,
        retries: project === undefined ? 0 : run.spec.settings.retries,
        overloads: run.overloads,
        budgetLeftUsd: budget === undefined ? undefined : budget - settled.costUsd,
        isTreeGone,
        now: now(),
      });
      // Somebody cancelled it just as this attempt ended by itself: nothing follows it.
      const step: NextStep =
        run.cancelledBy !== null && next.kind !== 'end' ? { kind: 'end', status: 'cancelled' } : next;
      const { startedAt } = attempt;
      const held = holdLogin(change, { run: settled, startedAt, outcome, settings, now: now() });
      const facts = { run: settled, attempt, outcome, step, held, project, isTreeGone, diskWait };
      return follow(change, { ...facts, settings, now: now() });
    });
    if (request !== undefined) runner.start(request);
    startNext();
  };
}

interface Ended {
  run: Run;
  attempt: Attempt;
  report: AttemptReport;
  outcome: AttemptOutcome;
  now: Date;
}

function keepFacts(change: Change, { run, attempt, report, outcome, now }: Ended): Run {
  const { claude } = report;
  const { costUsd, tokens } = attemptCost(report);
  change.attempts.end(attempt.id, {
    report,
    cause: outcome.cause,
    reason: outcome.reason,
    endedAt: now,
    costUsd,
    turns: claude?.turns ?? null,
    inputTokens: tokens?.input ?? null,
    outputTokens: tokens?.output ?? null,
    cacheReadTokens: tokens?.cacheRead ?? null,
    cacheWriteTokens: tokens?.cacheWrite ?? null,
    toolCalls: claude?.toolCalls ?? null,
    sessionId: claude?.sessionId ?? null,
    model: claude?.model ?? null,
    cliVersion: claude?.cliVersion ?? null,
    keySource: claude?.keySource ?? null,
  });
  const isCounted = outcome.cause !== 'overloaded' && !isHoldCause(outcome.cause);
  const facts = {
    costUsd: run.costUsd + (costUsd ?? 0),
    attemptsUsed: run.attemptsUsed + (isCounted ? 1 : 0),
  };
  change.runs.update(run.id, facts);
  return { ...run, ...facts };
}

interface Settled {
  run: Run;
  attempt: Attempt;
  outcome: AttemptOutcome;
  step: NextStep;
  /** How long the run waits where its outcome holds the login. */
  held: Wait | undefined;
  project: AttemptRequest['project'] | undefined;
  isTreeGone: boolean;
  diskWait: WatchHost['diskWait'];
  settings: DeskSettings;
  now: Date;
}

function follow(change: Change, settled: Settled): AttemptRequest | undefined {
  const { run, attempt, outcome, step, project, now } = settled;
  switch (step.kind) {
    case 'end': {
      const status = nextStatus(run.status, { kind: 'end', status: step.status });
      if (status === undefined) return undefined;
      change.runs.update(run.id, { status, reason: endReason(settled), endedAt: now });
      tellRunEnded(change, settled.settings, run.id, now);
      return undefined;
    }
    case 'defer': {
      const reason = [...outcome.reason, '; it is tried again then'];
      const ended = change.attempts.get(attempt.id) ?? attempt;
      putOff(change, settled, settled.held ?? { reason, until: step.until });
      change.outbox.post(
        {
          key: `${runViewKey(run.id)}:deferred:${attempt.number}`,
          channel: run.spec.channel,
          threadOf: runViewKey(run.id),
          body: [line('🕔 waits', ...waitText(change.runs.get(run.id)), `. ${putOffText(ended)}`)],
        },
        now,
      );
      return undefined;
    }
    case 'attempt': {
      if (project === undefined) return undefined;
      const next = run.attemptsUsed + 1;
      const wait = findWait(change) ?? settled.diskWait(change, run.spec.channel);
      if (wait === undefined) {
        tellAttemptFailed(change, attempt.id, [`Attempt ${next} has started, with what went wrong.`], now);
        return startAttempt(change, run, project, now);
      }
      putOff(change, settled, wait);
      const why = waitText(change.runs.get(run.id));
      tellAttemptFailed(change, attempt.id, [`Attempt ${next} waits`, ...why, '.'], now);
      return undefined;
    }
  }
}

function endReason({ outcome, run, isTreeGone }: Settled): Inline[] {
  const { cause, reason } = outcome;
  const budget = run.spec.settings.budgetUsd;
  if (cause === 'done' || cause === 'cancelled') return reason;
  const isSpent = budget !== undefined && budget - run.costUsd <= 0.01;
  const spent = budget === undefined ? '' : `the budget of ${usdText(budget)} is used up`;
  if (cause === 'budget' && budget !== undefined) return [`${spent} in attempt ${run.attemptsUsed}`];
  return [
    ...reason,
    ...(isSpent ? [`; ${spent}`] : []),
    ...(isTreeGone ? [] : ['; its processes are not proven gone, so no attempt follows in this folder']),
  ];
}

function putOff(change: Change, { run, outcome, now }: Settled, { reason, until }: Wait): void {
  const status = nextStatus(run.status, { kind: 'defer' });
  if (status === undefined) return;
  change.runs.update(run.id, {
    status,
    deferredUntil: until,
    currentAttemptId: null,
    waitReason: reason,
    overloads: run.overloads + (outcome.cause === 'overloaded' ? 1 : 0),
  });
  if (until !== null) change.alarm(until);
  showRun(change, run.id, now);
}
