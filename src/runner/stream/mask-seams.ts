import type { ContentBlock } from './claude-line.ts';

export interface SecretPlace {
  start: number;
  end: number;
  /** `GitHub token`, or the name of a variable. */
  name: string;
}

/**
 * Takes out of `texts`, which stood one behind the other, every secret that reaches from one into the next: what each of
 * them holds alone stays, as a mask finds it there. `find` names the secrets of a text; `widest` is how long one can be.
 */
export function maskSeams(texts: string[], find: (text: string) => SecretPlace[], widest: number): string[] {
  if (texts.length < 2) return texts;
  const joined = texts.join('');
  const starts = texts.map((_text, at) => texts.slice(0, at).reduce((sum, { length }) => sum + length, 0));
  const places = starts.slice(1).flatMap((seam) => acrossSeam(joined, seam, find, widest));
  if (places.length === 0) return texts;
  return texts.map((text, at) => cutOut(text, starts[at] ?? 0, places));
}

function acrossSeam(
  joined: string,
  seam: number,
  find: (text: string) => SecretPlace[],
  widest: number,
): SecretPlace[] {
  const from = Math.max(0, seam - widest);
  const inFront = joined.slice(from, seam);
  const across = find(joined.slice(from, seam + widest))
    .map(({ start, end, name }) => ({ start: start + from, end: end + from, name }))
    .filter(({ start, end }) => start < seam && seam < end);
  if (across.length === 0) return [];
  const alone = new Set(find(inFront).map(({ start }) => start + from));
  // A secret that ends in front of the seam, taken together with the word behind it.
  return across.filter(({ start, end }) => !alone.has(start) || !isPlainWord(joined.slice(seam, end)));
}

const isPlainWord = (text: string): boolean => !/\d|[a-z][A-Z]|[A-Z]{2}/.test(text);

/** The name stands where a secret begins; what is left of it in further texts goes. */
function cutOut(text: string, start: number, places: readonly SecretPlace[]): string {
  let result = '';
  let last = 0;
  for (const place of places.toSorted((one, other) => one.start - other.start)) {
    const [from, to] = [place.start - start, Math.min(place.end - start, text.length)];
    if (to <= last || from >= text.length) continue;
    result += text.slice(last, Math.max(last, from)) + (from >= last && from >= 0 ? `[masked: ${place.name}]` : '');
    last = to;
  }
  return result + text.slice(last);
}

/** The blocks of an answer or of a line with results, in a new list, without the secrets that reach from one into the next. */
export function sealContent(
  content: ContentBlock[],
  across: ((texts: string[]) => string[]) | undefined,
): ContentBlock[] {
  const textsOf = (block: ContentBlock): string[] =>
    block.kind === 'text' ? [block.text] : block.kind === 'tool-result' ? block.parts : [];
  const texts = content.flatMap(textsOf);
  const sealed = across === undefined || texts.length < 2 ? texts : across(texts);
  if (sealed === texts) return [...content];
  let at = 0;
  return content.map((block) => {
    const parts = sealed.slice(at, (at += textsOf(block).length));
    if (block.kind === 'text') return { ...block, text: parts.join('') };
    return block.kind === 'tool-result' ? { ...block, parts, text: parts.join('\n') } : block;
  });
}
