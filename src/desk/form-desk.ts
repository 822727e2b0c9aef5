import type { FormSource, OpenForm, WhenPreview } from '../bots/chat.ts';
import type { Store } from '../db/store.ts';
import { isAtLeast, roleIn, type Role, type Who } from '../model/access.ts';
import { withoutFlags } from '../model/grammar/without-flags.ts';
import type { FormFields, JobForm } from '../model/job-form.ts';
import type { Job } from '../model/job.ts';
import { UserError } from '../model/user-error.ts';
import type { Action } from '../model/message.ts';
import { allowedActions } from './allowed-actions.ts';
import { demandOwnership, ownedJob } from './commands/command-context.ts';
import { refusedAll, usualProject } from './commands/find-project.ts';
import type { DeskSettings } from './desk-settings.ts';
import { blankFields, draftFields, jobFields, usualOfJob, usualOfNew } from './form-fields.ts';
import { previewWhen } from './preview-when.ts';
import type { Place } from './usual-zone.ts';

export interface FormDeskDependencies {
  store: Store;
  settings: DeskSettings;
  now: () => Date;
}

/** Who opens a form, and where. */
type FormAsker = Who & Place;
type ZonedWho = Who & Pick<Place, 'zone'>;

/** What forms read on every platform: JSON-ready, and only what the person may view. */
export function createFormDesk({ store, settings, now }: FormDeskDependencies) {
  const roleOf = (who: Who, project: string): Role | undefined => roleIn(settings.access, project, who);
  const listProjects = (who: Who): { name: string; role: Role }[] =>
    [...settings.projects.keys()].flatMap((name) => {
      const role = roleOf(who, name);
      return role !== undefined && isAtLeast(role, 'member') ? [{ name, role }] : [];
    });
  const projectNames = (who: Who): string[] => listProjects(who).map(({ name }) => name);
  const findJob = (who: Who, name: string): Job | undefined => {
    const job = store.jobs.findByName(name);
    return job === undefined || store.jobs.isDeleted(job.id) || roleOf(who, job.project) === undefined
      ? undefined
      : job;
  };
  const formOfJob = (asker: ZonedWho, job: Job): OpenForm => {
    demandOwnership({ settings, actor: asker }, ownedJob(job), 'edit the job');
    const base = jobFields(job);
    const usual = usualOfJob(job, settings, asker);
    return { target: job.name, draft: null, fields: base, base, usual, faults: [], projects: projectNames(asker) };
  };
  const blankForm = (asker: FormAsker): OpenForm => ({
    target: null,
    draft: null,
    fields: blankFields(usualProject(settings, asker)),
    base: blankFields(),
    usual: usualOfNew(settings, asker),
    faults: [],
    projects: projectNames(asker),
  });
  /** The form of a job by its exact name. */
  const formOf = (asker: ZonedWho, name: string): OpenForm | undefined => {
    const job = findJob(asker, name);
    return job && formOfJob(asker, job);
  };
  /** Their own draft, with everything that could be read of it. */
  const draft = (who: ZonedWho, id: number): OpenForm | undefined => {
    const kept = store.drafts.get(id);
    if (kept === undefined || kept.person !== who.person || kept.expiresAt <= now()) return undefined;
    const { read, jobId } = kept;
    const asker = { ...who, channel: kept.channel };
    const job = jobId === null ? undefined : findJob(asker, store.jobs.get(jobId)?.name ?? '');
    if (jobId !== null && job === undefined) return undefined;
    const form = job === undefined ? blankForm(asker) : formOfJob(asker, job);
    const faults = kept.faults.map(({ field, message }) => ({ field, message: withoutFlags(message) }));
    return { ...form, draft: id, fields: draftFields(form.fields, read, job?.checks ?? []), faults };
  };
  return {
    /** Those that the person may schedule in. */
    listProjects,
    blankForm,
    formOf,
    draft,
    /** Any of these forms. Throws a `UserError` where there is none to open. */
    openForm(source: FormSource, asker: FormAsker): OpenForm {
      if ('draft' in source) return demand(draft(asker, source.draft), draftIsGone);
      if ('job' in source) return demand(formOf(asker, source.job), noJob(source.job));
      const form = blankForm(asker);
      if (form.projects.length === 0) {
        throw new UserError(`There is no project that you may schedule in.${refusedAll(asker)}`);
      }
      return { ...form, fields: { ...form.fields, ...withoutUndefined(source.fields ?? {}) } };
    },
    /** What the words of a schedule mean in `zone`; without one, in the zone that they would have. */
    previewWhen: (words: string, zone: string, place: Place): WhenPreview =>
      previewWhen(settings, { words, zone, place }, now()),
    /** Of these buttons, those that the person may use. */
    allowedActions: (who: Who, actions: readonly Action[]): Action[] =>
      allowedActions({ jobs: store.jobs, runs: store.runs, settings }, who, actions),
  };
}

/** What is not given leaves what is there. */
const withoutUndefined = (fields: FormFields): Partial<JobForm> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const draftIsGone = 'This draft is not there any more: it was mended, or is older than 7 days.';
const noJob = (name: string): string => `There is no job \`${name}\` that you may view.`;

function demand<T>(found: T | undefined, otherwise: string): T {
  if (found === undefined) throw new UserError(otherwise);
  return found;
}
