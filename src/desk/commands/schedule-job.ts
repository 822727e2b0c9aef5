import { parseCheck } from '../../model/check.ts';
import type { ScheduleCommand } from '../../model/command.ts';
import { slugFromGoal } from '../../model/grammar/slug.ts';
import type { NewJob } from '../../db/jobs.ts';
import { nearest } from '../../model/nearest.ts';
import { parseSchedule } from '../../model/schedule/parse-schedule.ts';
import type { Schedule } from '../../model/schedule/schedule.ts';
import { UserError } from '../../model/user-error.ts';
import { planNext } from '../plan-next.ts';
import { showJob } from '../show-job.ts';
import { renderJobView } from '../texts/job-view.ts';
import { demandRole, mayView, writeAudit, type Answer, type CommandContext } from './command-context.ts';

/** Makes a job of what was asked for, plans its first occurrence, and shows it in the channel. */
export function scheduleJob(context: CommandContext, command: ScheduleCommand): Answer {
  const { change, settings, actor, now } = context;
  const project = findProject(context, command.project);
  demandRole(context, project, 'member', 'schedule jobs there');
  const name = chooseName(context, command);
  const { runDefaults } = settings;
  const job: NewJob = {
    name,
    goal: command.goal,
    project,
    checks: command.accept.map(parseCheck),
    schedule: readWhen(context, command),
    settings: {
      timeoutMs: command.timeoutMs ?? runDefaults.timeoutMs,
      retries: command.retries ?? runDefaults.retries,
      budgetUsd: command.budgetUsd ?? runDefaults.budgetUsd,
      model: command.model ?? runDefaults.model,
      notify: command.notify ?? runDefaults.notify,
    },
    channel: actor.channel,
    owner: actor.person,
    createdAt: now,
  };
  const id = change.jobs.insert(job);
  const stored = { ...job, id, paused: null };
  // `now` is due at this very instant.
  planNext(change, stored, job.schedule?.kind === 'once' ? new Date(now.getTime() - 1) : now);
  writeAudit(context, 'schedule', name);
  showJob(change, settings, id, now);
  const message = renderJobView(stored, settings.projects.get(project), { now, isDeleted: false });
  return { message, isInChannel: true };
}

function readWhen({ settings, actor, now }: CommandContext, command: ScheduleCommand): Schedule | null {
  if (command.when === undefined) return null;
  const zone = command.zone ?? settings.channels.get(actor.channel)?.zone ?? settings.hostZone;
  return parseSchedule(command.when, { now, zone, nightlyAt: settings.nightlyAt });
}

function findProject(context: CommandContext, given: string | undefined): string {
  const { settings, actor } = context;
  const visible = [...settings.projects.keys()].filter((name) => mayView(context, name));
  const list = visible.map((name) => `\`${name}\``).join(', ');
  if (given !== undefined) {
    if (visible.includes(given)) return given;
    const near = nearest(given, visible);
    const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
    throw new UserError(
      `There is no project \`${given}\`${list === '' ? ' that you may use' : ''}.${hint}${list === '' ? refusedAll(actor.person) : ` Projects here: ${list}.`}`,
    );
  }
  const usual =
    settings.channels.get(actor.channel)?.project ?? (settings.projects.size === 1 ? visible[0] : undefined);
  if (usual !== undefined && visible.includes(usual)) return usual;
  if (visible.length === 0) throw new UserError(`There is no project that you may use.${refusedAll(actor.person)}`);
  throw new UserError(`Which project? Add \`--project ${visible[0]}\`. Projects here: ${list}.`);
}

const refusedAll = (person: string): string =>
  ` Your id here is \`${person}\`; a line under \`access\` in nightdesk.yaml would allow one.`;

function chooseName({ change }: CommandContext, command: ScheduleCommand): string {
  const isTaken = (name: string): boolean => change.jobs.findByName(name) !== undefined;
  if (command.jobName === undefined) return slugFromGoal(command.goal, isTaken);
  if (!isTaken(command.jobName)) return command.jobName;
  throw new UserError(
    `There is a job \`${command.jobName}\` already. Choose another \`--name\`, such as \`${slugFromGoal(command.jobName, isTaken)}\`, or \`delete ${command.jobName}\` first.`,
  );
}
