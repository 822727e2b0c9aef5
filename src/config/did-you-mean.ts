import { nearest } from '../model/nearest.ts';

/** The end of a sentence: `. Did you mean X?`, or nothing where no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `. Did you mean \`${near}\`?`;
}
