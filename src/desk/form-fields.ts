import type { OpenForm } from '../bots/chat.ts';
import { formatCheck, type Check } from '../model/check.ts';
import { formatDuration } from '../model/duration.ts';
import type { BrokenCommand } from '../model/grammar/read-broken.ts';
import { emptyForm, type JobForm } from '../model/job-form.ts';
import type { Job, RunSettings } from '../model/job.ts';
import { scheduleWords } from '../model/schedule/schedule-words.ts';
import { editChecks, isCheckOf } from './commands/edit-checks.ts';
import type { DeskSettings } from './desk-settings.ts';
import { usualZone, type Place } from './usual-zone.ts';

/** What holds where a field is left empty, as it would be typed; empty where nothing does. */
type UsualSettings = OpenForm['usual'];

export const blankFields = (project = ''): JobForm => ({ ...emptyForm, project });

/** A job as its form shows it: in words that can be read again. */
export function jobFields(job: Job): JobForm {
  return {
    name: job.name,
    goal: job.goal,
    project: job.project,
    when: job.schedule === null ? '' : scheduleWords(job.schedule),
    zone: job.schedule?.zone ?? '',
    accept: job.checks.map(formatCheck),
    ...settingFields(job.settings),
  };
}

/** What was typed, over what would hold without it. */
export function draftFields(base: JobForm, read: BrokenCommand, checks: readonly Check[]): JobForm {
  const { fields, addAccept = [], dropAccept = [] } = read;
  const known = dropAccept.filter((reference) => isCheckOf(checks, reference));
  const kept = editChecks(checks, { addAccept: [], dropAccept: known }).map(formatCheck);
  return { ...base, accept: [...kept, ...addAccept], ...fields };
}

export const usualOfNew = (settings: DeskSettings, place: Place): UsualSettings => ({
  ...settingFields(settings.runDefaults),
  zone: usualZone(settings, place),
});

/** An emptied field of an edit takes the setting away; only the zone has one to fall back on. */
export const usualOfJob = (job: Job, settings: DeskSettings, { zone }: Pick<Place, 'zone'>): UsualSettings => ({
  ...settingFields(job.settings),
  budget: '',
  model: '',
  zone: job.schedule?.zone ?? usualZone(settings, { channel: job.channel, zone }),
});

function settingFields(settings: RunSettings) {
  const { timeoutMs, retries, budgetUsd, model, notify, overlap, catchUp, catchUpWithinMs } = settings;
  return {
    timeout: formatDuration(timeoutMs),
    retries: String(retries),
    budget: budgetUsd === undefined ? '' : String(budgetUsd),
    model: model ?? '',
    notify,
    overlap,
    'catch-up': catchUp,
    'catch-up-within': formatDuration(catchUpWithinMs),
  };
}
