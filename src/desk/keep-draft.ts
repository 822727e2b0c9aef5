import { isAtLeast, roleIn } from '../model/access.ts';
import { createFaultList, FieldFaults } from '../model/field-faults.ts';
import { maxCommandLength } from '../model/grammar/parse-command.ts';
import { readBroken, type BrokenCommand } from '../model/grammar/read-broken.ts';
import { readEditForm, readScheduleForm } from '../model/grammar/read-form.ts';
import type { FieldFault } from '../model/job-form.ts';
import { UserError } from '../model/user-error.ts';
import { demandOwnership, type CommandContext, ownedJob } from './commands/command-context.ts';
import { findJobOfTarget } from './commands/find-target.ts';

const keptMs = 7 * 24 * 3_600_000;

/**
 * Keeps a refused `schedule` or `edit` for its person, and returns the draft's id. Undefined where no form could mend it: for
 * other commands, for a text too long to be read, for an edit of no job of theirs, and for who may schedule nowhere.
 */
export function keepDraft(context: CommandContext, text: string, refusal: UserError): number | undefined {
  const { change, settings, actor, now } = context;
  if (text.length > maxCommandLength) return undefined;
  const read = readBroken(text, settings);
  const mendable = read && findMendable(context, read);
  if (read === undefined || mendable === undefined) return undefined;
  const expiresAt = new Date(now.getTime() + keptMs);
  change.drafts.deleteExpired(now);
  change.alarm(expiresAt);
  return change.drafts.insert({
    eventId: actor.eventId,
    person: actor.person,
    channel: actor.channel,
    text: text.toWellFormed(),
    jobId: mendable.jobId,
    read,
    faults: draftFaults(read, refusal),
    createdAt: now,
    expiresAt,
  });
}

/** The grammar stops at the first mistake and knows no fields: the form's reading of the same finds them all. */
function draftFaults({ name, target = '', fields }: BrokenCommand, refusal: UserError): FieldFault[] {
  if (refusal instanceof FieldFaults) return faultsOf(refusal);
  const faults = createFaultList();
  if (name === 'schedule') readScheduleForm(fields, faults);
  else readEditForm(target, fields, faults);
  return faults.all().length > 0 ? [...faults.all()] : faultsOf(refusal);
}

/** What is wrong, by field where that is known. */
export const faultsOf = (refusal: UserError): FieldFault[] =>
  refusal instanceof FieldFaults ? [...refusal.faults] : [{ field: null, message: refusal.message }];

/** The job that a form would edit, `null` for a new one; undefined where the person may do neither. */
function findMendable(context: CommandContext, { name, target }: BrokenCommand): { jobId: number | null } | undefined {
  const { settings, actor } = context;
  if (name === 'schedule') {
    const roles = [...settings.projects.keys()].map((project) => roleIn(settings.access, project, actor));
    return roles.some((role) => isAtLeast(role, 'member')) ? { jobId: null } : undefined;
  }
  if (target === undefined) return undefined;
  try {
    const job = findJobOfTarget(context, target, { isExact: false });
    demandOwnership(context, ownedJob(job), 'edit the job');
    return { jobId: job.id };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
