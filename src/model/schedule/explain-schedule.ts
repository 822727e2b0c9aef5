import { describeSchedule } from './describe-schedule.ts';
import { formatInstant, formatOffset } from './format-instant.ts';
import { nextOccurrences } from './next-occurrence.ts';
import { parseSchedule, type ScheduleOptions } from './parse-schedule.ts';
import type { Schedule } from './schedule.ts';
import { toLocalMs } from './zone-offsets.ts';

/** What words mean: the sentence, and the next instants as ISO 8601 in UTC and, with the offset, in the zone. */
interface Explanation {
  sentence: string;
  zone: string;
  kind: Schedule['kind'];
  instants: { utc: string; local: string }[];
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
    instants: instants.map((at) => ({ utc: isoSeconds(at), local: localIso(at, zone) })),
  };
}

/** An explanation for the terminal: the sentence, the zone, and a line for each instant. */
export function renderExplanation({ sentence, zone, instants }: Explanation): string {
  const lines = instants.map(({ utc }) => ({ local: formatInstant(new Date(utc), zone), utc }));
  const width = Math.max(0, ...lines.map(({ local }) => local.length));
  return [sentence, `zone ${zone}`, '', ...lines.map(({ local, utc }) => `  ${local.padEnd(width)}   ${utc}`)].join(
    '\n',
  );
}

function isoSeconds(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

function localIso(at: Date, zone: string): string {
  const local = new Date(toLocalMs(zone, at.getTime()));
  return `${isoSeconds(local).slice(0, -1)}${formatOffset(at, zone)}`;
}
