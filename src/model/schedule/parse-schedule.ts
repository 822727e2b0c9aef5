import { normalizeCron } from './cron-expression.ts';
import { collectClauses } from './collect-clauses.ts';
import { groupLexemes, isMark } from './group-lexemes.ts';
import type { Lexeme, TimeOfDay } from './lexeme.ts';
import { nextOccurrence } from './next-occurrence.ts';
import { parseZone } from './parse-zone.ts';
import { readInterval, readStepsOnDays } from './read-interval.ts';
import { addDuration, type Moment, readOnce } from './read-once.ts';
import { isRecurring, readRecurring } from './read-recurring.ts';
import { readOrExplain } from './read-or-explain.ts';
import { readWord } from './read-word.ts';
import { Refusal } from './refusal.ts';
import type { Schedule } from './schedule.ts';
import { respell, splitWords, tidyText } from './split-words.ts';
import { splitZone } from './split-zone.ts';

export interface ScheduleOptions {
  now: Date;
  /** The zone of words that name none: an IANA name. */
  zone: string;
  /** What `nightly` and `tonight` mean, and a day without a time; 02:00 by default. */
  nightlyAt?: TimeOfDay | undefined;
  /** How the words were given, for messages; `--when` by default, empty for words that stand alone. */
  flag?: string | undefined;
}

const examples = ['weekdays at 2am', 'tomorrow at 9am', 'every 6 hours', '30 7 * * 1-5'];

/**
 * Reads the words of a schedule, `weekdays at 2am in Europe/Berlin`, or a cron expression. Throws a `UserError` with the
 * nearest right words for what can't be read, lies in the past or never comes. `now` gives a `once` at this very instant.
 */
export function parseSchedule(words: string, { now, zone, nightlyAt, flag = '--when' }: ScheduleOptions): Schedule {
  const text = tidyText(words);
  const defaultTime = nightlyAt ?? { hour: 2, minute: 0 };
  const usualZone = parseZone(zone);
  const read = (given: string) => {
    const { body, zone: namedZone } = splitZone(respell(given));
    return readBody(body, { nowMs: now.getTime(), zone: namedZone ?? usualZone, defaultTime, nightTime: defaultTime });
  };
  return readOrExplain(text, read, { flag, examples });
}

function readBody(body: string, moment: Moment): Schedule {
  const { zone } = moment;
  const schedule: Schedule = isCron(body)
    ? { kind: 'cron', expression: normalizeCron(body), zone }
    : readWords(body, moment);
  const comes = schedule.kind !== 'cron' || nextOccurrence(schedule, new Date(moment.nowMs)) !== undefined;
  if (comes) return schedule;
  const lastDays = schedule.expression.replace(/^(\S+ \S+) \S+/, '$1 L');
  throw new Refusal('it never comes, since no such month has that day; the last day of a month is `L`', [lastDays]);
}

/** Two numeric fields in front, and five fields or a star. */
function isCron(body: string): boolean {
  const fields = body.split(' ');
  const isNumeric = (field = '') => /^[\d*][\d*,/-]*$/.test(field) && !/^\d{4}-/.test(field);
  const hasShape =
    isNumeric(fields[0]) &&
    isNumeric(fields[1]) &&
    (fields.length > 4 || fields.some((field) => field.startsWith('*')));
  return hasShape || /^@[a-z]+$/i.test(body);
}

function readWords(body: string, moment: Moment): Schedule {
  const lexemes = groupLexemes(splitWords(body).flatMap((word) => readWord(word) ?? []));
  const { nowMs, zone } = moment;
  const fromAt = lexemes.findIndex((lexeme) => isMark(lexeme, 'from'));
  if (fromAt >= 0) return readStarting(lexemes.slice(0, fromAt), lexemes.slice(fromAt + 1), moment);
  const clauses = collectClauses(lexemes);
  const everyMs = clauses.marks.has('every') ? readInterval(clauses) : undefined;
  if (everyMs !== undefined) return { kind: 'interval', everyMs, fromMs: nowMs + everyMs, zone };
  if (clauses.marks.has('every') && clauses.duration !== undefined) {
    return { kind: 'cron', expression: readStepsOnDays(clauses, clauses.duration), zone };
  }
  if (isRecurring(clauses)) return { kind: 'cron', expression: readRecurring(clauses, moment.defaultTime), zone };
  return { kind: 'once', atMs: readOnce(clauses, moment), zone };
}

/** `every 6 hours from 8am`, `2 hours from now`. */
function readStarting(head: Lexeme[], tail: Lexeme[], moment: Moment): Schedule {
  const { zone } = moment;
  const [first] = head;
  if (head.length === 1 && first?.kind === 'duration' && tail.length === 1 && isMark(tail[0], 'now')) {
    return { kind: 'once', atMs: addDuration(moment, first.duration), zone };
  }
  const everyMs = readInterval(collectClauses(head));
  if (everyMs === undefined || !isMark(first, 'every')) {
    throw new Refusal('only an interval can be given a start', ['every 6 hours from 8am']);
  }
  return { kind: 'interval', everyMs, fromMs: readOnce(collectClauses(tail), moment), zone };
}
