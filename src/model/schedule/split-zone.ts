import { findZone, isZoneAbbreviation, parseZone } from './parse-zone.ts';
import { readWord } from './read-word.ts';

const longestCityWords = 3;

/**
 * Takes a trailing zone off a schedule's words: `in Europe/Berlin`, `UTC`, `(Asia/Tokyo)`, `New York time`. What looks like a
 * zone and is none is a `UserError` that names the nearest one.
 */
export function splitZone(text: string): { body: string; zone: string | undefined } {
  const words = text
    .replace(/\(([^()]*)\)$/, '$1')
    .replace(/\s+time(\s?zone)?$/i, '')
    .split(' ');
  const start = findZoneStart(words);
  if (start === undefined) return { body: text, zone: undefined };
  const hasIn = words[start - 1]?.toLowerCase() === 'in';
  return { body: words.slice(0, hasIn ? start - 1 : start).join(' '), zone: parseZone(words.slice(start).join(' ')) };
}

/** The index of the first word of the zone. */
function findZoneStart(words: string[]): number | undefined {
  const last = words.at(-1) ?? '';
  if (isZoneAbbreviation(last) || isPath(last) || isOffset(last)) return words.length - 1;
  for (let count = longestCityWords; count > 0; count -= 1) {
    const name = words.slice(-count).join(' ');
    const isCity = words.length >= count && isUnknown(words.at(-count)) && findZone(name) !== undefined;
    if (isCity) return words.length - count;
  }
  const afterIn = words.findLastIndex((word) => word.toLowerCase() === 'in') + 1;
  return afterIn > 0 && afterIn < words.length && isUnknown(words[afterIn]) ? afterIn : undefined;
}

const isPath = (word: string) => /^[a-z_]+(\/[a-z_+-][\w+-]*)+$/i.test(word);
const isOffset = (word: string) => /^(utc|gmt)[+-]\d/i.test(word);

function isUnknown(word = ''): boolean {
  return /^[a-z]/i.test(word) && readWord(word.toLowerCase())?.kind === 'unknown';
}
