import { isDeepStrictEqual } from 'node:util';

import type { EditCommand } from '../../model/command.ts';
import type { FaultList } from '../../model/field-faults.ts';
import type { Job, RunSettings } from '../../model/job.ts';
import { bold, dateTime, line } from '../../model/message.ts';
import { runLabel } from '../../model/run.ts';
import { describeSchedule } from '../../model/schedule/describe-schedule.ts';
import { parseSchedule } from '../../model/schedule/parse-schedule.ts';
import type { Schedule } from '../../model/schedule/schedule.ts';
import { UserError } from '../../model/user-error.ts';
import { planFirst } from '../plan-next.ts';
import { showJob } from '../show-job.ts';
import { usualZone } from '../usual-zone.ts';
import { renderJobChanges } from '../texts/job-changes.ts';
import { demandOwnership, writeAudit, type Answer, type CommandContext, ownedJob } from './command-context.ts';
import { editChecks } from './edit-checks.ts';
import { findProject } from './find-project.ts';
import { findJobOfTarget } from './find-target.ts';
import { settleFirst } from './settle-first.ts';
import { refuseTakenName } from './refuse-taken-name.ts';

/**
 * Changes a job in what is given and answers what was and what is. Runs are not touched: each has the job as it was when it was
 * queued. `faults` may hold what is wrong already; all of it is raised together.
 */
export function editJob(
  context: CommandContext,
  command: EditCommand,
  faults: FaultList,
  { isExact = false } = {},
): Answer {
  const { change, settings, now } = context;
  const job = findJobOfTarget(context, command.target, { isExact });
  demandOwnership(context, ownedJob(job), 'edit the job');
  const edited = readEdited(context, job, command, faults);
  faults.raise();
  const isMoved = !isDeepStrictEqual(job.schedule, edited.schedule);
  const isReplanned = isMoved && !settleFirst(context, job).isPaused;
  const changes = renderJobChanges(job, edited);
  if (changes.length === 0) return { message: [line(bold(job.name), ' is like that already: nothing was changed.')] };
  const { id, createdAt: _created, channel: _channel, paused: _paused, ...changed } = edited;
  const { name } = changed;
  change.jobs.update(id, changed);
  if (isReplanned) planFirst(change, { ...edited, paused: null }, now);
  writeAudit(context, 'edit', name);
  if (edited.owner !== job.owner) writeAudit(context, 'owner', `${name}: ${job.owner} → ${edited.owner}`);
  showJob(change, settings, id, now);
  const next = isReplanned ? change.occurrences.planned(id) : undefined;
  return {
    message: [
      line(bold(name), ' is edited.', ...liveText(context, job)),
      ...changes,
      ...(next === undefined ? [] : [line('next: ', dateTime(next))]),
    ],
  };
}

function readEdited(context: CommandContext, job: Job, command: EditCommand, faults: FaultList): Job {
  const { jobName, goal = job.goal } = command;
  const project = faults.at(
    'project',
    () => (command.project === undefined ? job.project : findProject(context, command.project)),
    job.project,
  );
  if (project !== job.project) demandOwnership(context, { project, owners: [job.owner] }, 'edit the job');
  if (jobName !== undefined && jobName !== job.name) {
    faults.at('name', () => refuseTakenName(context, jobName), undefined);
  }
  const isZoneAlone = command.when === undefined && command.zone !== undefined;
  return {
    ...job,
    name: jobName ?? job.name,
    goal,
    project,
    ...readOwner(job, command),
    checks: faults.at('accept', () => editChecks(job.checks, command), job.checks),
    schedule: faults.at(isZoneAlone ? 'zone' : 'when', () => readSchedule(context, job, command), job.schedule),
    settings: readSettings(job.settings, command),
  };
}

/** Who scheduled it stays to be read when somebody else takes it over. */
function readOwner(job: Job, { owner = job.owner }: EditCommand): Pick<Job, 'owner' | 'scheduledBy'> {
  const { scheduledBy = null } = job;
  return { owner, scheduledBy: owner === job.owner ? scheduledBy : (scheduledBy ?? job.owner) };
}

function readSchedule(
  { settings, actor, now }: CommandContext,
  job: Job,
  { when, zone }: EditCommand,
): Schedule | null {
  if (when === null) return null;
  if (when !== undefined) {
    const usual = job.schedule?.zone ?? usualZone(settings, { channel: job.channel, zone: actor.zone });
    return parseSchedule(when, { now, zone: zone ?? usual, nightlyAt: settings.nightlyAt });
  }
  if (zone === undefined) return job.schedule;
  if (job.schedule?.kind === 'cron') return { ...job.schedule, zone };
  const what = job.schedule === null ? 'runs on demand' : `is due ${describeSchedule(job.schedule)}`;
  throw new UserError(
    `A zone alone changes nothing: \`${job.name}\` ${what}. Give the time with it: \`--when "tomorrow at 2am" --zone ${zone}\`.`,
  );
}

function readSettings(before: RunSettings, command: EditCommand): RunSettings {
  const { timeoutMs, retries, budgetUsd, model, notify, overlap, catchUp, catchUpWithinMs } = command;
  return {
    timeoutMs: timeoutMs ?? before.timeoutMs,
    retries: retries ?? before.retries,
    budgetUsd: budgetUsd === undefined ? before.budgetUsd : (budgetUsd ?? undefined),
    model: model === undefined ? before.model : (model ?? undefined),
    notify: notify ?? before.notify,
    overlap: overlap ?? before.overlap,
    catchUp: catchUp ?? before.catchUp,
    catchUpWithinMs: catchUpWithinMs ?? before.catchUpWithinMs,
  };
}

function liveText({ change }: CommandContext, job: Job): string[] {
  const [live] = change.runs.liveOfJob(job.id);
  return live === undefined ? [] : [` ${runLabel(live.id)} goes on as it was.`];
}
