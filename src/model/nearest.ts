import { distance } from 'fastest-levenshtein';

/**
 * The candidate that somebody most likely meant by `word`: one that differs by a slip or two of the fingers (about one
 * letter in three; two swapped neighbours are one slip), else the only one that begins with it, from three letters on.
 * Case does not count. Of equally near ones the first wins. `undefined` where nothing is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.trim().toLowerCase();
  const known = [...candidates];
  const mostSlips = Math.min(3, Math.floor(wanted.length / 3));
  let best: { candidate: string; slips: number } | undefined;
  for (const candidate of known) {
    const slips = countSlips(wanted, candidate.toLowerCase(), mostSlips);
    if (slips <= mostSlips && (best === undefined || slips < best.slips)) best = { candidate, slips };
  }
  return best?.candidate ?? onlyOneBeginningWith(wanted, known);
}

function countSlips(given: string, candidate: string, most: number): number {
  if (Math.abs(given.length - candidate.length) > most) return Infinity;
  return isSwapped(given, candidate) ? 1 : distance(given, candidate);
}

function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function onlyOneBeginningWith(word: string, candidates: string[]): string | undefined {
  if (word.length < 3) return undefined;
  const beginning = candidates.filter((candidate) => candidate.toLowerCase().startsWith(word));
  return beginning.length === 1 ? beginning[0] : undefined;
}
