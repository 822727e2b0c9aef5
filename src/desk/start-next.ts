import { randomUUID } from 'node:crypto';

import type { Attempt } from '../db/attempts.ts';
import type { Run } from '../db/runs.ts';
import type { Change, Store } from '../db/store.ts';
import type { AttemptRequest, CheckResult, EarlierAttempt, FailedCheck, WorkDone } from '../model/attempt.ts';
import { code, type Inline } from '../model/message.ts';
import type { Project } from '../model/project.ts';
import { nextStatus, runLabel } from '../model/run.ts';
import type { Runner } from '../runner/runner.ts';
import type { DeskSettings } from './desk-settings.ts';
import { findWait, type Wait } from './hold-login.ts';
import { showRun, tellRunEnded } from './tell-run.ts';
import { isJudgePutOff, isPutOff, ordinalOf } from './texts/run-facts.ts';
import { plainText } from './texts/plain-text.ts';
import type { WatchHost } from './watch-host.ts';

export interface StartNextDependencies {
  store: Store;
  runner: Pick<Runner, 'start'>;
  settings: DeskSettings;
  diskWait: WatchHost['diskWait'];
  now: () => Date;
}

/**
 * Starts what waits, oldest first, as far as the host's places and the projects' limits go, and writes on the status
 * message of the others why they wait. To be called whenever a run was queued or has ended.
 */
export function createStartNext({ store, runner, settings, diskWait, now }: StartNextDependencies): () => void {
  return () => {
    // After most changes nothing waits, and to see that takes no lock.
    if (store.runs.withStatus('queued').length === 0) return;
    const requests = store.change((change) => {
      const requests: AttemptRequest[] = [];
      const queued = change.runs.withStatus('queued');
      const [first] = queued;
      const full = first && diskWait(change, first.spec.channel);
      // What is in the queue starts as soon as there is room: no instant ends its wait.
      const held = findWait(change) ?? (full && { ...full, until: null });
      for (const run of queued) {
        const project = settings.projects.get(run.spec.project);
        if (project === undefined) {
          endWithoutProject(change, settings, run, now());
          continue;
        }
        const wait = held ?? whyItWaits(change, run, project, settings.concurrency);
        if (wait === undefined) requests.push(startAttempt(change, run, project, now()));
        else showWait(change, run, wait, now());
      }
      return requests;
    });
    for (const request of requests) runner.start(request);
  };
}

function endWithoutProject(change: Change, settings: DeskSettings, run: Run, now: Date): void {
  const reason = ['the configuration has no project ', code(run.spec.project), ' any more'];
  const status = nextStatus(run.status, { kind: 'end', status: 'failed' });
  if (status === undefined) return;
  change.runs.update(run.id, { status, reason, endedAt: now });
  tellRunEnded(change, settings, run.id, now);
}

function showWait(change: Change, run: Run, { reason, until }: Wait, now: Date): void {
  const wanted = { waitReason: reason, deferredUntil: until };
  const { waitReason, deferredUntil } = run;
  if (JSON.stringify(wanted) === JSON.stringify({ waitReason, deferredUntil })) return;
  change.runs.update(run.id, wanted);
  showRun(change, run.id, now);
}

function whyItWaits(change: Change, run: Run, project: Project, concurrency: number): Wait | undefined {
  const older = run.waitsForOlder && change.runs.liveOfJob(run.jobId).find((other) => other.id < run.id);
  if (older) {
    const state = older.cancelledBy === null ? `still ${older.status}` : 'being cancelled';
    return { reason: [`${runLabel(older.id)} of the same job is ${state}`], until: null };
  }
  const running = change.runs.withStatus('running');
  const inPlace = running.find((other) => project.workspace === 'in-place' && other.spec.project === project.name);
  if (inPlace !== undefined) {
    const reason = [code(project.name), ` is worked on in place by ${runLabel(inPlace.id)}; one run at a time`];
    return { reason, until: null };
  }
  const left = findUnproven(change, run, project);
  if (left !== undefined) return { reason: lookReason(change, run, left), until: null };
  if (running.length >= concurrency) {
    const names = running.map((other) => runLabel(other.id)).join(', ');
    const reason = [
      `${names} ${running.length === 1 ? 'is' : 'are'} at work, and this host runs ${concurrency} at once`,
    ];
    return { reason, until: null };
  }
  return undefined;
}

/** The attempt whose processes may still work in the folder in which `run` is to work: somebody has to look first. */
export function findUnproven(change: Change, run: Run, project: Project): Attempt | undefined {
  if (project.workspace !== 'in-place') return undefined;
  const left = change.attempts.lastInProject(project.name);
  const isUnproven = left?.report?.workspace?.kind === 'in-place' && !left.report.treeProven;
  return isUnproven && left.runId !== run.retryOf ? left : undefined;
}

function lookReason(change: Change, run: Run, left: Attempt): Inline[] {
  const label = runLabel(left.runId);
  const leftBy = change.runs.get(left.runId);
  const isRetried = leftBy !== undefined && !change.jobs.isDeleted(leftBy.jobId);
  return [
    `processes of ${label} are not proven gone, and it worked in this folder; `,
    ...(isRetried ? [code(`retry ${label}`), ' or '] : []),
    code(`run ${change.jobs.get(run.jobId)?.name ?? run.spec.jobName}`),
    ' goes on when you have looked',
  ];
}

/** Writes the next attempt of `run` and returns what the runner is to do. The run holds a place from here on. */
export function startAttempt(change: Change, run: Run, project: Project, now: Date): AttemptRequest {
  const attempts = change.attempts.ofRun(run.id);
  const request = composeRequest(change, run, project, attempts);
  change.attempts.insert({
    id: request.attemptId,
    runId: run.id,
    number: request.attempt,
    request,
    startedAt: now,
  });
  change.runFiles.begin(run.id, { hasWorktree: project.workspace === 'worktree' });
  const event = run.status === 'queued' ? ({ kind: 'start' } as const) : ({ kind: 'next-attempt' } as const);
  const status = nextStatus(run.status, event);
  if (status === undefined) throw new Error(`${runLabel(run.id)} is ${run.status}: it can't start an attempt`);
  change.runs.update(run.id, {
    status,
    currentAttemptId: request.attemptId,
    waitReason: null,
    deferredUntil: null,
    startedAt: run.startedAt ?? now,
  });
  showRun(change, run.id, now);
  return request;
}

function composeRequest(change: Change, run: Run, project: Project, attempts: Attempt[]): AttemptRequest {
  const { settings } = run.spec;
  const number = attempts.length + 1;
  const story = retryStory(change, run, attempts);
  return {
    attemptId: `${runLabel(run.id)}-${number}`,
    run: run.id,
    attempt: number,
    jobName: run.spec.jobName,
    project,
    goal: run.spec.goal,
    checks: run.spec.checks,
    sessionId: randomUUID(),
    model: settings.model,
    timeoutMs: settings.timeoutMs,
    budgetUsd: settings.budgetUsd === undefined ? undefined : Math.max(0.01, settings.budgetUsd - run.costUsd),
    branch: `nightdesk/${run.spec.jobName}/${runLabel(run.id)}`,
    startFrom: story.startFrom,
    earlier: story.earlier,
    note: run.note ?? undefined,
    workDone: workDone(attempts.at(-1)),
  };
}

/** What the attempt before left to be judged. Its cost is counted with it. */
function workDone(before: Attempt | undefined): WorkDone | undefined {
  const { report } = before ?? {};
  if (before === undefined || !isJudgePutOff(before) || report?.claude == null) return undefined;
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  return {
    claude: { ...report.claude, costUsd: 0, tokens, turns: 0, toolCalls: 0 },
    held: report.checksAfter.filter(({ check, verdict }) => check.kind === 'sentence' && verdict === 'pass'),
    transcriptPath: report.transcriptPath,
  };
}

/**
 * What the attempt is told of the one before, and where it starts: in this run, or for its first attempt in the run that it
 * retries. Attempts that a limit put off did nothing and are passed over; so are runs that ended before they did anything.
 */
function retryStory(change: Change, run: Run, attempts: Attempt[]): Pick<AttemptRequest, 'earlier' | 'startFrom'> {
  const before = attempts.findLast(hasWorked);
  let retried = run.retryOf === null ? undefined : change.runs.get(run.retryOf);
  let last: Attempt | undefined;
  let startFrom: string | undefined;
  let label: string | undefined;
  while (retried !== undefined && retried.status !== 'succeeded') {
    const earlier = change.attempts.ofRun(retried.id);
    last = earlier.findLast(hasWorked);
    label = last && `attempt ${ordinalOf(earlier, last)} of ${runLabel(retried.id)}`;
    startFrom =
      earlier.findLast((attempt) => attempt.report?.workspace?.branch)?.report?.workspace?.branch ?? undefined;
    if (last !== undefined || retried.retryOf === null) break;
    retried = change.runs.get(retried.retryOf);
  }
  if (before !== undefined)
    return { startFrom, earlier: earlierAttempt(before, `attempt ${ordinalOf(attempts, before)}`) };
  const isTold = last !== undefined && last.cause !== 'unverified';
  return {
    startFrom,
    earlier: last !== undefined && label !== undefined && isTold ? earlierAttempt(last, label) : undefined,
  };
}

const hasWorked = (attempt: Attempt): boolean => attempt.cause !== null && !isPutOff(attempt);

function earlierAttempt(attempt: Attempt, label: string): EarlierAttempt {
  const { report } = attempt;
  const failed = (report?.checksAfter ?? []).filter((result) => result.verdict === 'fail');
  return {
    label,
    cause: plainText(attempt.reason ?? []) || (attempt.cause ?? 'unknown'),
    failedChecks: failed.map(failedCheck),
    lastWords: report?.claude?.lastWords || undefined,
    lastError: report?.claude?.lastError ?? report?.failedStep?.output ?? undefined,
  };
}

const failedCheck = ({ check, exitCode, reason, output }: CheckResult): FailedCheck =>
  check.kind === 'command'
    ? { command: check.command, exitCode, output }
    : { sentence: check.sentence, evidence: reason ?? '', output };
