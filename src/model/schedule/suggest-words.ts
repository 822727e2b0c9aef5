import { nearest } from '../nearest.ts';
import { cityNames } from './parse-zone.ts';
import { readWord, vocabulary } from './read-word.ts';
import { respell, splitWords } from './split-words.ts';

/** Words for a part of the day: not read, since each person means another hour. */
const partsOfDay = new Map<string, string>(
  Object.entries({ morning: '9am', afternoon: '3pm', evening: '6pm', night: '11pm' }),
);
const hourWord = /^(?:[1-9]|1[0-2])$/;
/** Phrases that mean two things, or what is not to be had. */
const phrases: [RegExp, string[]][] = [
  [/\byesterday\b/i, ['tomorrow', 'tomorrow at 9am']],
  [/^(?:each|every) second$/i, ['every minute', 'every 2 days']],
  [/^bi-?weekly$/i, ['every 2 weeks', 'mondays and thursdays']],
  [/^(?:fortnightly|every fortnight)$/i, ['every 2 weeks']],
];
const maxSuggestions = 2;

/** Up to two texts that are read and that somebody may have meant by one that is not. */
export function suggestWords(text: string, canRead: (text: string) => boolean): string[] {
  const meant = [...phrases].find(([phrase]) => phrase.test(text));
  if (meant !== undefined) return meant[1].map((words) => text.replace(meant[0], words)).filter(canRead);
  const words = splitWords(respell(text));
  if (words.every((word) => [undefined, 'mark'].includes(kindOf(word)))) return [];
  const mended = mendPartsOfDay(words).map(mendWord);
  const spelled = spellOut(mended);
  if (canRead(spelled)) return [spelled];
  const recurring = [`every ${spelled}`, `every day ${spelled}`];
  const others = [
    ...['am', 'pm'].map((half) => spellOut(mended.map((word) => (hourWord.test(word) ? word + half : word)))),
    ...(mended.some((word) => kindOf(word) === 'ordinal') ? [spellOut(ofTheMonth(mended))] : []),
    `in ${spelled}`,
    ...(mended.some(isEvery) ? [] : recurring),
  ];
  return [...new Set(others)].filter(canRead).slice(0, maxSuggestions);
}

/** A part of the day stands for its time, and beside a time for nothing: `every morning at 7` is `every day at 7am`. */
function mendPartsOfDay(words: string[]): string[] {
  const part = words.find((word) => partsOfDay.has(word));
  if (part === undefined) return words;
  const isHour = (index: number): boolean => words[index - 1] === 'at' && hourWord.test(words[index] ?? '');
  const isHourSaid = words.some((_word, index) => isHour(index));
  // `friday night at 1` is on Saturday for most.
  if (part === 'night' && isHourSaid && !isEvery(words[words.indexOf(part) - 1])) return words;
  const half = { morning: 'am', night: '' }[part] ?? 'pm';
  const isTimeSaid = isHourSaid || words.some((word) => kindOf(word) === 'time');
  const isLeading = (index: number): boolean =>
    partsOfDay.has(words[index + 1] ?? '') || (words[index + 1] === 'the' && isLeading(index + 1));
  return words.flatMap((word, index) => {
    if (isHour(index)) return [`${word}${half}`];
    if (word === 'this' && isLeading(index)) return ['today'];
    if (['in', 'the'].includes(word) && isLeading(index)) return [];
    const time = partsOfDay.get(word);
    if (time === undefined) return [word];
    return [...(isEvery(words[index - 1]) ? ['day'] : []), ...(isTimeSaid ? [] : [time])];
  });
}

const isEvery = (word: string | undefined): boolean => word === 'every' || word === 'each';

function mendWord(word: string): string {
  if (kindOf(word) !== 'unknown') return word;
  return nearest(word, vocabulary) ?? nearest(word, cityNames)?.replaceAll('_', ' ') ?? word;
}

/** Joins words with `at` before a time that has nothing before it that leads to it. */
function spellOut(words: string[]): string {
  return words
    .map((word, index) => {
      const isLed = ['at', 'and', 'from', 'to'].includes(words[index - 1] ?? '');
      return kindOf(word) === 'time' && !isLed ? `at ${word}` : word;
    })
    .join(' ');
}

function ofTheMonth(words: string[]): string[] {
  const time = words.findIndex((word) => word === 'at' || kindOf(word) === 'time');
  return words.toSpliced(time < 0 ? words.length : time, 0, 'of', 'the', 'month');
}

function kindOf(word: string): string | undefined {
  try {
    return readWord(word)?.kind;
  } catch {
    // A word that is refused for a reason of its own, such as `25:00`: nothing near it helps.
    return undefined;
  }
}
