import type { Store } from '../db/store.ts';
import { isAtLeast, roleIn, type Role } from '../model/access.ts';
import { withoutFlags } from '../model/grammar/without-flags.ts';
import type { Job } from '../model/job.ts';
import { demandOwnership, ownedJob } from './commands/command-context.ts';
import { usualProject } from './commands/find-project.ts';
import type { DeskSettings } from './desk-settings.ts';
import { blankFields, draftFields, jobFields, usualOfJob, usualOfNew, type UsualSettings } from './form-fields.ts';
import type { FieldFault, JobForm } from '../model/job-form.ts';
import { previewWhen, type AskedWhen } from './preview-when.ts';

export interface FormDeskDependencies {
  store: Store;
  settings: DeskSettings;
  now: () => Date;
}

/** What a form opens with. */
interface OpenForm {
  /** The job that is edited; `null` makes a new one. */
  target: string | null;
  draft: number | null;
  fields: JobForm;
  /** What holds of the job; of a new one, nothing. Only what differs from it is an edit. */
  base: JobForm;
  /** What holds where a field is left empty. */
  usual: UsualSettings;
  /** What a draft was refused for. */
  faults: FieldFault[];
}

/** What forms read: JSON-ready, and only what the person may view. */
export function createFormDesk({ store, settings, now }: FormDeskDependencies) {
  const roleOf = (person: string, project: string): Role | undefined => roleIn(settings.access, project, person);
  const findJob = (person: string, name: string): Job | undefined => {
    const job = store.jobs.findByName(name);
    return job === undefined || store.jobs.isDeleted(job.id) || roleOf(person, job.project) === undefined
      ? undefined
      : job;
  };
  const formOfJob = (person: string, job: Job): OpenForm => {
    demandOwnership({ settings, actor: { person } }, ownedJob(job), 'edit the job');
    const base = jobFields(job);
    const usual = usualOfJob(job, settings);
    return { target: job.name, draft: null, fields: base, base, usual, faults: [] };
  };
  const blankForm = (person: string, channel: string): OpenForm => {
    const fields = blankFields(usualProject(settings, { person, channel }));
    return { target: null, draft: null, fields, base: blankFields(), usual: usualOfNew(channel, settings), faults: [] };
  };
  return {
    /** Those that the person may schedule in. */
    listProjects: (person: string) =>
      [...settings.projects.keys()].flatMap((name) => {
        const role = roleOf(person, name);
        return role !== undefined && isAtLeast(role, 'member') ? [{ name, role }] : [];
      }),
    blankForm,
    formOf(person: string, name: string): OpenForm | undefined {
      const job = findJob(person, name);
      return job && formOfJob(person, job);
    },
    /** Their own draft, with everything that could be read of it. */
    draft(person: string, id: number): OpenForm | undefined {
      const draft = store.drafts.get(id);
      if (draft === undefined || draft.person !== person || draft.expiresAt <= now()) return undefined;
      const { read, jobId } = draft;
      const job = jobId === null ? undefined : findJob(person, store.jobs.get(jobId)?.name ?? '');
      if (jobId !== null && job === undefined) return undefined;
      const form = job === undefined ? blankForm(person, draft.channel) : formOfJob(person, job);
      const faults = draft.faults.map(({ field, message }) => ({ field, message: withoutFlags(message) }));
      return { ...form, draft: id, fields: draftFields(form.fields, read, job?.checks ?? []), faults };
    },
    previewWhen: (asked: AskedWhen) => previewWhen(settings, asked, now()),
    /** Of these messages of a channel, those of jobs that the person may edit, with the jobs' names. */
    editableJobs: (person: string, channel: string, messages: readonly string[]) =>
      messages.flatMap((message) => {
        const jobId = /^job:(\d+)$/.exec(store.outbox.viewByMessageRef(channel, message)?.key ?? '')?.[1];
        const job = jobId === undefined ? undefined : store.jobs.get(Number(jobId));
        if (job === undefined || store.jobs.isDeleted(job.id)) return [];
        const wanted = job.owner === person ? 'member' : 'maintainer';
        return isAtLeast(roleOf(person, job.project), wanted) ? [{ message, name: job.name }] : [];
      }),
  };
}
