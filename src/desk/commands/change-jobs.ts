import type { Run } from '../../db/runs.ts';
import { bold, code, dateTime, line, type Message } from '../../model/message.ts';
import type { Job } from '../../model/job.ts';
import { runLabel } from '../../model/run.ts';
import { parseUntil } from '../../model/schedule/parse-until.ts';
import { UserError } from '../../model/user-error.ts';
import { isAtLeast, roleIn } from '../../model/access.ts';
import { cancelRun } from '../cancel-run.ts';
import { endPause, isPauseOver } from '../end-pause.ts';
import { enqueueRun } from '../enqueue-run.ts';
import { settleFirst } from './settle-first.ts';
import { retryRun } from '../retry-run.ts';
import { showJob } from '../show-job.ts';
import { findUnproven } from '../start-next.ts';
import { hasMessage, showRun } from '../tell-run.ts';
import { usualZone } from '../usual-zone.ts';
import {
  demandOwnership,
  demandRole,
  ownedJob,
  ownedRun,
  visibleJobs,
  writeAudit,
  type Answer,
  type CommandContext,
} from './command-context.ts';
import { findJob, findJobOfTarget, findTarget, latestVisibleRun } from './find-target.ts';
import { runLink } from '../texts/page-links.ts';

/** Until it is resumed, or until `untilWords`, the job has no occurrences; a run that works is left alone. */
export function pauseJob(context: CommandContext, reference: string, untilWords: string | undefined): Answer {
  const job = findJobOfTarget(context, reference, { isExact: false });
  demandOwnership(context, ownedJob(job), 'pause the job');
  const until = readUntil(context, untilWords);
  pause(context, job, until);
  return {
    message: [line('⏸️ ', bold(job.name), ' is paused', ...untilText(until), '.', ...liveText(context, job))],
    isInChannel: true,
  };
}

export function pauseAll(context: CommandContext, untilWords: string | undefined): Answer {
  const until = readUntil(context, untilWords);
  const jobs = changeableJobs(context).filter((job) => isLonger(until, job, context.now));
  for (const job of jobs) pause(context, job, until);
  return { message: namesText('⏸️', jobs, 'paused', untilText(until)) };
}

/** Whether a pause until then keeps the job for longer than the one that it has. */
function isLonger(until: Date | null, job: Job, now: Date): boolean {
  if (job.paused === null || isPauseOver(job, now)) return true;
  return job.paused.until !== null && (until === null || until > job.paused.until);
}

export function resumeJob(context: CommandContext, reference: string): Answer {
  const job = findJobOfTarget(context, reference, { isExact: false });
  demandOwnership(context, ownedJob(job), 'resume the job');
  if (job.paused === null) throw new UserError(`\`${job.name}\` is not paused.`);
  resume(context, job);
  const next = context.change.occurrences.planned(job.id);
  if (next === undefined && job.schedule !== null) {
    const lost = line(
      '▶️ ',
      bold(job.name),
      ' is resumed. Its time passed while it was paused; ',
      code(`run ${job.name}`),
      ' starts it.',
    );
    return { message: [lost] };
  }
  return {
    message: [
      line('▶️ ', bold(job.name), ' is resumed.', ...(next === undefined ? [] : [' Next: ', dateTime(next), '.'])),
    ],
    isInChannel: true,
  };
}

export function resumeAll(context: CommandContext): Answer {
  const jobs = changeableJobs(context).filter((job) => job.paused !== null);
  for (const job of jobs) resume(context, job);
  return { message: namesText('▶️', jobs, 'resumed', []) };
}

function pause(context: CommandContext, job: Job, until: Date | null): void {
  const { change, settings, now } = context;
  settleFirst(context, job);
  change.jobs.setPaused(job.id, { until });
  change.occurrences.unplan(job.id);
  if (until !== null) change.alarm(until);
  writeAudit(context, 'pause', job.name);
  showJob(change, settings, job.id, now);
}

function resume(context: CommandContext, job: Job): void {
  const { change, settings, now } = context;
  endPause(change, job, now);
  writeAudit(context, 'resume', job.name);
  showJob(change, settings, job.id, now);
}

function readUntil({ settings, actor, now }: CommandContext, words: string | undefined): Date | null {
  if (words === undefined) return null;
  return parseUntil(words, { now, zone: usualZone(settings, actor) });
}

const untilText = (until: Date | null) =>
  until === null ? [' until somebody resumes it'] : [' until ', dateTime(until)];

function liveText({ change }: CommandContext, job: Job): string[] {
  const [live] = change.runs.liveOfJob(job.id);
  return live === undefined ? [] : [` ${runLabel(live.id)} goes on; \`cancel ${runLabel(live.id)}\` ends it.`];
}

function changeableJobs(context: CommandContext): Job[] {
  const { settings, actor } = context;
  return visibleJobs(context).filter((job) =>
    isAtLeast(roleIn(settings.access, job.project, actor), job.owner === actor.person ? 'member' : 'maintainer'),
  );
}

function namesText(mark: string, jobs: readonly Job[], what: string, more: ReturnType<typeof untilText>): Message {
  if (jobs.length === 0) return [line(`No job to be ${what}.`)];
  const names = jobs.flatMap((job, index) => [...(index === 0 ? [] : [', ']), bold(job.name)]);
  return [
    line(`${mark} ${jobs.length === 1 ? '1 job is' : `${jobs.length} jobs are`} ${what}`, ...more, ': ', ...names),
  ];
}

/** Queues a run now, whatever the schedule says. */
export function runJob(context: CommandContext, reference: string): Answer {
  const { change, settings, actor, now } = context;
  const job = findJobOfTarget(context, reference, { isExact: true });
  demandRole(context, job.project, 'member', 'run jobs there');
  const [live] = change.runs.liveOfJob(job.id);
  if (live !== undefined) return goOn(context, job, live);
  const run = enqueueRun(change, { job, settings, trigger: 'hand', now, requestedBy: actor.person });
  writeAudit(context, 'run', runLabel(run.id));
  return { message: [line(bold(job.name), ` ${runLabel(run.id)} is in the queue.`)], isInChannel: true };
}

/** Who asks for a run that waits for somebody to look has looked. */
function goOn(context: CommandContext, job: Job, live: Run): Answer {
  const { change, settings } = context;
  const label = runLabel(live.id);
  const project = settings.projects.get(live.spec.project);
  const left = live.status === 'queued' && project ? findUnproven(change, live, project) : undefined;
  if (left === undefined) {
    throw new UserError(`\`${label}\` of \`${job.name}\` is ${live.status}. \`cancel ${label}\` ends it first.`);
  }
  change.attempts.treeLookedAt(left.id);
  writeAudit(context, 'run', label);
  return {
    message: [line(bold(job.name), ` ${label} does not wait any longer for what `, runLink(left.runId), ' left.')],
    isInChannel: true,
  };
}

function onlyLive(live: Run[], reference: string): Run | undefined {
  if (live.length <= 1) return live[0];
  const names = live.map((run) => `\`${runLabel(run.id)}\``).join(' and ');
  throw new UserError(
    `\`${reference}\` has ${live.length} runs under way: ${names}. Name the one to cancel: \`cancel ${runLabel(live[0]?.id ?? 0)}\`.`,
  );
}

/** Cancels a live run: the one that is named, or the job's. */
export function cancelTarget(context: CommandContext, reference: string): Answer {
  const { change, settings, actor, now, cancelAttempt } = context;
  const target = findTarget(context, reference, { isExact: true });
  const run = target.kind === 'run' ? target.run : onlyLive(change.runs.liveOfJob(target.job.id), reference);
  if (run === undefined) {
    throw new UserError(`\`${reference}\` has no run to cancel. \`pause ${reference}\` keeps it from running.`);
  }
  demandOwnership(context, ownedRun(run), 'cancel the run');
  if (context.cancelPastStore !== undefined) return cancelUnwritten(run, context.cancelPastStore);
  const label = runLabel(run.id);
  if (!cancelRun(change, { run, by: actor.person, settings, now, cancelAttempt })) {
    throw new UserError(
      run.cancelledBy === null ? `\`${label}\` has ended: ${run.status}.` : `\`${label}\` is being cancelled already.`,
    );
  }
  writeAudit(context, 'cancel', label);
  return { message: [line('🛑 ', bold(run.spec.jobName), ` ${label} is being cancelled.`)], isInChannel: true };
}

function cancelUnwritten(run: Run, cancelPastStore: NonNullable<CommandContext['cancelPastStore']>): Answer {
  const label = runLabel(run.id);
  if (run.status !== 'running') {
    throw new UserError(
      `\`${label}\` is ${run.status}: nothing of it is at work. The disk of the host is full or can't be written, so that can't be changed now; no run starts before it can be.`,
    );
  }
  cancelPastStore(run);
  return {
    message: [
      line('🛑 ', bold(run.spec.jobName), ` ${label} is being cancelled.`),
      line(
        `The disk of the host is full or can't be written: this is written down, and told in its thread, when it can be.`,
      ),
    ],
    isInChannel: true,
  };
}

/** Retries an ended run: the one that is named, or the job's latest. */
export function retryTarget(context: CommandContext, reference: string, note: string | undefined): Answer {
  const { change, settings, actor, now } = context;
  const target = findTarget(context, reference, { isExact: true });
  const run = target.kind === 'run' ? target.run : latestVisibleRun(context, target.job);
  if (run === undefined) throw new UserError(`\`${reference}\` has not run yet. \`run ${reference}\` starts it.`);
  demandOwnership(context, ownedRun(run), 'retry the run');
  const retry = retryRun(change, { run, by: actor, note, settings, now });
  writeAudit(context, 'retry', runLabel(run.id));
  return {
    message: [line('🔁 ', bold(run.spec.jobName), ' ', runLink(retry.id), ' retries ', runLink(run.id), '.')],
    isInChannel: true,
  };
}

/** Deletes a job; its runs can still be read. */
export function deleteJob(context: CommandContext, reference: string): Answer {
  const { change, settings, now } = context;
  const job = findJob(context, reference, { isExact: true });
  demandOwnership(context, ownedJob(job), 'delete the job');
  settleFirst(context, job);
  const [live] = change.runs.liveOfJob(job.id);
  if (live !== undefined) {
    throw new UserError(
      `\`${runLabel(live.id)}\` of \`${job.name}\` is ${live.status}. \`cancel ${runLabel(live.id)}\` ends it first.`,
    );
  }
  change.occurrences.unplan(job.id);
  change.jobs.markDeleted(job, now);
  writeAudit(context, 'delete', job.name);
  showJob(change, settings, job.id, now);
  // Older messages keep a 🔁 that is answered with the reason; to edit them all would fill a platform's limits.
  const latest = change.runs.list({ jobId: job.id, limit: 20 });
  for (const { id } of latest) if (hasMessage(change, id)) showRun(change, id, now);
  return {
    message: [line('🗑️ ', bold(job.name), ' is deleted. ', code(`history`), ' still shows its runs.')],
    isInChannel: true,
  };
}
