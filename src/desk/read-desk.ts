import type { Attempt } from '../db/attempts.ts';
import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import { roleIn } from '../model/access.ts';
import { formatCheck } from '../model/check.ts';
import type { Job } from '../model/job.ts';
import { isFinal, runLabel, type RunStatus } from '../model/run.ts';
import { nextOccurrence } from '../model/schedule/next-occurrence.ts';
import type { Runner } from '../runner/runner.ts';
import type { DeskSettings } from './desk-settings.ts';
import { runViewKey } from './tell-run.ts';
import { scheduleText } from './texts/job-view.ts';
import { plainText } from './texts/plain-text.ts';
import { waitText } from './texts/wait-text.ts';

export interface ReadDeskDependencies {
  store: Store;
  runner: Pick<Runner, 'read'>;
  settings: DeskSettings;
  now: () => Date;
}

/** What scripts and the page read: JSON-ready, and only what the person may view. */
export function createReadDesk({ store, runner, settings, now }: ReadDeskDependencies) {
  const mayView = (person: string, project: string): boolean => roleIn(settings.access, project, person) !== undefined;
  return {
    listJobs: (person: string) =>
      store.jobs
        .list()
        .filter((job) => mayView(person, job.project))
        .map((job) => jobJson(job, now())),
    listRuns(person: string, filter: { job?: string | undefined; status?: RunStatus | undefined; limit: number }) {
      const job = filter.job === undefined ? undefined : store.jobs.findByName(filter.job);
      if (filter.job !== undefined && job === undefined) return [];
      const statuses = filter.status === undefined ? undefined : [filter.status];
      return store.runs
        .list({ jobId: job?.id, statuses, limit: filter.limit })
        .filter((run) => mayView(person, run.spec.project))
        .map((run) => runJson(store, run));
    },
    findRun(person: string, id: number) {
      const run = store.runs.get(id);
      if (run === undefined || !mayView(person, run.spec.project)) return undefined;
      const attempts = store.attempts.ofRun(id);
      return {
        ...runJson(store, run),
        goal: run.spec.goal,
        checks: run.spec.checks.map(formatCheck),
        branch: attempts.findLast((attempt) => attempt.report?.workspace)?.report?.workspace?.branch ?? null,
        attempts: attempts.map(attemptJson),
      };
    },
    async readLog({
      run,
      attempt,
      offset,
      maxBytes,
    }: {
      run: number;
      attempt: number;
      offset: number;
      maxBytes: number;
    }) {
      const found = store.attempts.ofRun(run).find((each) => each.number === attempt);
      if (found === undefined) return { bytes: new Uint8Array(), isLive: false };
      // Looked up first: an attempt that ends while it is read has its last bytes read the next time.
      const isLive = found.endedAt === null;
      return { bytes: await runner.read(found.id, 'transcript', offset, maxBytes), isLive };
    },
    health() {
      const waiting = store.outbox.waitingChannels().length;
      const facts = {
        running: store.runs.withStatus('running').length,
        queued: store.runs.withStatus('queued').length,
        channelsWithUndelivered: waiting,
      };
      return { isOk: true, facts };
    },
  };
}

function jobJson(job: Job, now: Date) {
  const next = job.schedule === null || job.paused !== null ? undefined : nextOccurrence(job.schedule, now);
  const { settings } = job;
  return {
    name: job.name,
    goal: job.goal,
    project: job.project,
    checks: job.checks.map(formatCheck),
    schedule: job.schedule === null ? null : scheduleText(job),
    nextAt: next?.toISOString() ?? null,
    settings: { ...settings, budgetUsd: settings.budgetUsd ?? null, model: settings.model ?? null },
    channel: job.channel,
    owner: job.owner,
    paused: job.paused === null ? null : { until: job.paused.until?.toISOString() ?? null },
    createdAt: job.createdAt.toISOString(),
  };
}

function runJson(store: Store, run: Run) {
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
    costUsd: run.costUsd,
    channel: run.spec.channel,
    messageRef: store.outbox.view(runViewKey(run.id))?.messageRef ?? null,
  };
}

function attemptJson(attempt: Attempt) {
  const {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
  } = attempt;
  const hasTokens = input !== null && output !== null && cacheRead !== null && cacheWrite !== null;
  return {
    number: attempt.number,
    reason: attempt.reason === null ? null : plainText(attempt.reason) || attempt.cause,
    startedAt: attempt.startedAt.toISOString(),
    endedAt: attempt.endedAt?.toISOString() ?? null,
    costUsd: attempt.costUsd,
    turns: attempt.turns,
    toolCalls: attempt.toolCalls,
    tokens: hasTokens ? { input, output, cacheRead, cacheWrite } : null,
    model: attempt.model,
    cliVersion: attempt.cliVersion,
    sessionId: attempt.sessionId,
  };
}
