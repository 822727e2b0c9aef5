import { isReservedName } from './job-name.ts';
import { slugWords } from './slug-words.ts';

const maxLength = 30;
const maxWords = 5;

const stopWords = new Set(
  (
    'a an the and or of to in into on at for from with by as is are be been it its that this these those there so ' +
    'please can could should would you your we our us i my me all any some then than when which who make sure also just'
  ).split(' '),
);

/**
 * A name for a job without one: the first words of its goal that say something, in ASCII, up to 30 characters, and made
 * unique by `-2`, `-3`, …. `taken` says whether another job has the name; it must be false for some name. A goal without
 * a Latin letter or a digit gives `job`.
 */
export function slugFromGoal(goal: string, taken: (name: string) => boolean): string {
  const base = baseSlug(goal);
  let name = base;
  for (let next = 2; taken(name); next += 1) name = `${base}-${next}`;
  return name;
}

function baseSlug(goal: string): string {
  const words = slugWords(goal.slice(0, 1000));
  const telling = words.filter((word) => !stopWords.has(word));
  const slug = firstWords(telling.length > 0 ? telling : words);
  if (slug === '') return 'job';
  return isReservedName(slug) ? `job-${slug}` : slug;
}

function firstWords(words: string[]): string {
  let slug = (words[0] ?? '').slice(0, maxLength);
  for (const word of words.slice(1, maxWords)) {
    if (slug.length + 1 + word.length > maxLength) break;
    slug += `-${word}`;
  }
  return slug;
}
