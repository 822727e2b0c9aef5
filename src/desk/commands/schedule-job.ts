import { parseCheck } from '../../model/check.ts';
import type { ScheduleCommand } from '../../model/command.ts';
import type { FaultList } from '../../model/field-faults.ts';
import { slugFromGoal } from '../../model/grammar/slug.ts';
import type { NewJob } from '../../db/jobs.ts';
import { parseSchedule } from '../../model/schedule/parse-schedule.ts';
import type { Schedule } from '../../model/schedule/schedule.ts';
import { planFirst } from '../plan-next.ts';
import { showJob, workFacts } from '../show-job.ts';
import { usualZone } from '../usual-zone.ts';
import { renderJobView } from '../texts/job-view.ts';
import { demandRole, writeAudit, type Answer, type CommandContext } from './command-context.ts';
import { findProject } from './find-project.ts';
import { refuseTakenName } from './refuse-taken-name.ts';

/**
 * Makes a job of what was asked for, plans its first occurrence, and shows it in the channel. `faults` may hold what is wrong
 * already; all of it is raised together.
 */
export function scheduleJob(context: CommandContext, command: ScheduleCommand, faults: FaultList): Answer {
  const { change, settings, actor, now } = context;
  const project = faults.at('project', () => findProject(context, command.project), undefined);
  if (project !== undefined) demandRole(context, project, 'member', 'schedule jobs there');
  const name = faults.at('name', () => chooseName(context, command), '');
  const schedule = faults.at('when', () => readSchedule(context, command), null);
  faults.raise();
  if (project === undefined) throw new Error('A job without a project has no fault');
  const { runDefaults } = settings;
  const job: NewJob = {
    name,
    goal: command.goal,
    project,
    checks: command.accept.map(parseCheck),
    schedule,
    settings: {
      timeoutMs: command.timeoutMs ?? runDefaults.timeoutMs,
      retries: command.retries ?? runDefaults.retries,
      budgetUsd: command.budgetUsd ?? runDefaults.budgetUsd,
      model: command.model ?? runDefaults.model,
      notify: command.notify ?? runDefaults.notify,
      overlap: command.overlap ?? runDefaults.overlap,
      catchUp: command.catchUp ?? runDefaults.catchUp,
      catchUpWithinMs: command.catchUpWithinMs ?? runDefaults.catchUpWithinMs,
    },
    channel: actor.channel,
    owner: actor.person,
    createdAt: now,
  };
  const id = change.jobs.insert(job);
  const stored = { ...job, id, paused: null };
  planFirst(change, stored, now);
  writeAudit(context, 'schedule', name);
  showJob(change, settings, id, now);
  const facts = { now, isDeleted: false, ...workFacts(change, id) };
  const message = renderJobView(stored, settings.projects.get(project), facts);
  return { message, isInChannel: true };
}

function readSchedule({ settings, actor, now }: CommandContext, command: ScheduleCommand): Schedule | null {
  if (command.when === undefined) return null;
  const zone = command.zone ?? usualZone(settings, actor);
  return parseSchedule(command.when, { now, zone, nightlyAt: settings.nightlyAt });
}

function chooseName(context: CommandContext, { jobName, goal }: ScheduleCommand): string {
  if (jobName === undefined) return slugFromGoal(goal, (name) => context.change.jobs.findByName(name) !== undefined);
  refuseTakenName(context, jobName);
  return jobName;
}
