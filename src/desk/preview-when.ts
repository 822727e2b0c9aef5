import type { WhenPreview } from '../bots/chat.ts';
import { explainSchedule } from '../model/schedule/explain-schedule.ts';
import { parseZone } from '../model/schedule/parse-zone.ts';
import { UserError } from '../model/user-error.ts';
import type { DeskSettings } from './desk-settings.ts';
import { usualZone, type Place } from './usual-zone.ts';

export interface AskedWhen {
  words: string;
  /** Empty for the usual one. */
  zone: string;
  place: Place;
}

const previewedTimes = 3;

/** What the words of a schedule mean, and when that is next. */
export function previewWhen(settings: DeskSettings, { words, zone, place }: AskedWhen, now: Date): WhenPreview {
  let field: 'when' | 'zone' = 'zone';
  try {
    const given = zone.trim() === '' ? usualZone(settings, place) : parseZone(zone);
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
