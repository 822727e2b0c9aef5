import type { FormField } from '../model/job-form.ts';
import { explainSchedule } from '../model/schedule/explain-schedule.ts';
import { parseZone } from '../model/schedule/parse-zone.ts';
import { UserError } from '../model/user-error.ts';
import type { DeskSettings } from './desk-settings.ts';

export interface AskedWhen {
  words: string;
  /** Empty for the channel's. */
  zone: string;
  channel: string;
}

type Preview =
  | { ok: true; sentence: string; zone: string; instants: string[] }
  | { ok: false; field: FormField; message: string };

const previewedTimes = 3;

/** What the words of a schedule mean, and when that is next. */
export function previewWhen(settings: DeskSettings, { words, zone, channel }: AskedWhen, now: Date): Preview {
  let field: FormField = 'zone';
  try {
    const usual = settings.channels.get(channel)?.zone ?? settings.hostZone;
    const given = zone.trim() === '' ? usual : parseZone(zone);
    field = 'when';
    const { nightlyAt } = settings;
    const explained = explainSchedule(words, { now, zone: given, nightlyAt, count: previewedTimes });
    const instants = explained.instants.map(({ utc }) => utc);
    return { ok: true, sentence: explained.sentence, zone: explained.zone, instants };
  } catch (error) {
    if (error instanceof UserError) return { ok: false, field, message: error.message };
    throw error;
  }
}
