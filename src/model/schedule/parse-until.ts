import { collectClauses } from './collect-clauses.ts';
import { groupLexemes } from './group-lexemes.ts';
import { parseZone } from './parse-zone.ts';
import { addDuration, type Moment, readOnce } from './read-once.ts';
import { readOrExplain } from './read-or-explain.ts';
import { isRecurring } from './read-recurring.ts';
import { readWord } from './read-word.ts';
import { Refusal } from './refusal.ts';
import { respell, splitWords, tidyText } from './split-words.ts';
import { splitZone } from './split-zone.ts';

const examples = ['monday at 9am', 'tomorrow', '3 days', '2026-12-24'];

/**
 * Reads how long something is to rest: `monday 9am`, `until tomorrow`, `for 3 days`. A day without a time is its midnight,
 * in `zone` unless the words name another. Throws a `UserError` for what is no single instant ahead of `now`.
 */
export function parseUntil(words: string, { now, zone }: { now: Date; zone: string }): Date {
  const text = tidyText(words).replace(/^(until|till|for) /i, '');
  const usualZone = parseZone(zone);
  const midnight = { hour: 0, minute: 0 };
  const read = (given: string) => {
    const { body, zone: namedZone } = splitZone(respell(given));
    const moment = { nowMs: now.getTime(), zone: namedZone ?? usualZone, defaultTime: midnight, nightTime: undefined };
    return new Date(readEnd(body, moment));
  };
  return readOrExplain(text, read, { flag: 'until', examples });
}

function readEnd(body: string, moment: Moment): number {
  const lexemes = groupLexemes(splitWords(body).flatMap((word) => readWord(word) ?? []));
  const [first, ...others] = lexemes;
  const isDuration = first?.kind === 'duration' && others.length === 0;
  const clauses = collectClauses(lexemes);
  if (isRecurring(clauses)) throw new Refusal('it is more than one moment');
  const atMs = isDuration ? addDuration(moment, first.duration) : readOnce(clauses, moment);
  if (atMs <= moment.nowMs) throw new Refusal('it is not ahead');
  return atMs;
}
