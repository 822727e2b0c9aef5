import { describeSchedule } from './describe-schedule.ts';
import { formatInstant, formatOffset } from './format-instant.ts';
import { nextOccurrences, skippedTime } from './next-occurrence.ts';
import { parseSchedule, type ScheduleOptions } from './parse-schedule.ts';
import type { Schedule } from './schedule.ts';
import { toLocalMs } from './zone-offsets.ts';

/** What words mean: the sentence, and the next instants as ISO 8601 in UTC and, with the offset, in the zone. */
interface Explanation {
  sentence: string;
  zone: string;
  kind: Schedule['kind'];
  /** `note`: why an instant is at another time than the schedule says. */
  instants: { utc: string; local: string; note?: string }[];
}

/**
 * Explains the words of a schedule, or a cron expression, with its next `count` instants from `now` on. Throws a
 * `UserError` for words that `parseSchedule` refuses.
 */
export function explainSchedule(words: string, options: ScheduleOptions & { count: number }): Explanation {
  const schedule = parseSchedule(words, { flag: '', ...options });
  const { kind, zone } = schedule;
  // `now` is due at this very instant, and occurrences are looked for strictly after one.
  const instants = nextOccurrences(schedule, new Date(options.now.getTime() - 1), options.count);
  return {
    sentence: describeSchedule(schedule),
    zone,
    kind,
    instants: instants.map((at) => ({ utc: isoSeconds(at), local: localIso(at, zone), ...noteOf(schedule, at) })),
  };
}

/** An explanation for the terminal: the sentence, the zone, and a line for each instant. */
export function renderExplanation({ sentence, zone, instants }: Explanation): string {
  const lines = instants.map(({ utc, note }) => ({
    local: formatInstant(new Date(utc), zone),
    utc: note === undefined ? utc : `${utc}   ${note}`,
  }));
  const width = Math.max(0, ...lines.map(({ local }) => local.length));
  return [sentence, `zone ${zone}`, '', ...lines.map(({ local, utc }) => `  ${local.padEnd(width)}   ${utc}`)].join(
    '\n',
  );
}

/** In the hour that a zone skips. */
function noteOf(schedule: Schedule, at: Date): { note?: string } {
  if (schedule.kind !== 'cron') return {};
  const skipped = skippedTime(schedule, at);
  if (skipped === undefined) return {};
  const [from, to] = [skipped, toLocalMs(schedule.zone, at.getTime())].map((ms) => new Date(ms).toISOString());
  return { note: `${from?.slice(11, 16)} does not exist on that day, so ${to?.slice(11, 16)}` };
}

function isoSeconds(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

function localIso(at: Date, zone: string): string {
  const local = new Date(toLocalMs(zone, at.getTime()));
  return `${isoSeconds(local).slice(0, -1)}${formatOffset(at, zone)}`;
}
