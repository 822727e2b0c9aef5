import type { Actor, Reply } from '../../bots/chat.ts';
import type { Run } from '../../db/runs.ts';
import type { Change } from '../../db/store.ts';
import { isAtLeast, roleIn, type Role, type Who } from '../../model/access.ts';
import type { Job } from '../../model/job.ts';
import { runLabel } from '../../model/run.ts';
import { UserError } from '../../model/user-error.ts';
import type { DeskSettings } from '../desk-settings.ts';
import { NotAllowed } from '../not-allowed.ts';
import { whoYouAre } from '../who-you-are.ts';

/** What every command is carried out with. All of it happens in one change: what throws leaves nothing behind. */
export interface CommandContext {
  change: Change;
  settings: DeskSettings;
  actor: Actor;
  now: Date;
  /** Ends a running attempt, once the change is committed. */
  cancelAttempt: (attemptId: string) => void;
  /** Where nothing can be written, and all of this is only read: ends what is at work of a run all the same. */
  cancelPastStore?: (run: Run) => void;
}

export type Answer = Reply;

/** Who asks, and the configuration they are judged by. */
interface Asker {
  settings: DeskSettings;
  actor: Who;
}

export function mayView({ settings, actor }: Asker, project: string): boolean {
  return roleIn(settings.access, project, actor) !== undefined;
}

/** Projects of the configuration, and those that it had: their runs are still there for whoever may view all. */
export function visibleProjects({ settings, actor }: Asker): string[] | undefined {
  if (roleIn(settings.access, '*', actor) !== undefined) return undefined;
  return [...settings.projects.keys()].filter((name) => roleIn(settings.access, name, actor) !== undefined);
}

export const visibleJobs = (context: CommandContext): Job[] =>
  context.change.jobs.list().filter((job) => mayView(context, job.project));

/** Throws where the person may not do `act`, which wants `role`; says who they are and what would allow it. */
export function demandRole({ settings, actor }: Asker, project: string, role: Role, act: string): void {
  if (isAtLeast(roleIn(settings.access, project, actor), role)) return;
  const key = role === 'admin' ? 'access.admins' : `access.${project}.${role}s`;
  throw new NotAllowed(
    `You need to be a ${role} of \`${project}\` to ${act}. ${whoYouAre(actor)}; \`${key}\` in nightdesk.yaml would allow it.`,
    `${act} in ${project}`,
  );
}

/** A job may be in another project than its run by now: throws where the person may not view that one. */
export function demandJobView(asker: Asker, { id, spec }: Run, job: Job): void {
  if (mayView(asker, job.project)) return;
  throw new UserError(
    `The job of \`${runLabel(id)}\`, \`${spec.jobName}\`, is in another project now, and you may not view that one.`,
  );
}

export interface Owned {
  project: string;
  owners: string[];
}

export const ownedJob = (job: Job): Owned => ({ project: job.project, owners: [job.owner] });
export const ownedRun = (run: Run): Owned => ({ project: run.spec.project, owners: ownersOf(run) });

/** Members may change what is theirs; what is another person's takes a maintainer. */
export function demandOwnership(context: Asker, thing: Owned, act: string): void {
  const isOwn = thing.owners.includes(context.actor.person);
  demandRole(
    context,
    thing.project,
    isOwn ? 'member' : 'maintainer',
    isOwn ? act : `${act} of @${personName(thing.owners[0] ?? '')}`,
  );
}

/** Whose a run is: the job's owner, and the person who asked for the run. */
export const ownersOf = (run: Run): string[] => [
  run.spec.owner,
  ...(run.requestedBy === null ? [] : [run.requestedBy]),
];

const personName = (id: string): string => id.slice(id.indexOf(':') + 1);

export function writeAudit(
  { change, actor, now }: Pick<CommandContext, 'change' | 'actor' | 'now'>,
  act: string,
  target: string,
): void {
  const { person, channel, eventId } = actor;
  change.audit.write({ at: now, person, channel, eventId, act, target });
}
