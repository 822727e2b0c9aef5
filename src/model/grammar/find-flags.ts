import { nearest } from '../nearest.ts';
import { allFlags, findFlagByOtherWord, findFlagName, flagRules, flagSpellings, type FlagName } from './flag-rules.ts';
import { invisible, withoutInvisible } from './invisible.ts';
import { mistake, shown } from './mistake.ts';

export interface FoundFlag {
  name: FlagName;
  /** As typed, for people: `—when`. */
  typed: string;
  start: number;
  /** Where the value begins, or the space or `=` in front of it. */
  end: number;
}

/** What composers make of `--`, and what else looks like it. Inside a character class. */
const longDashes = '‒–—―﹘';
const shortDashes = '\\-‐‑−－';

const flagLike = new RegExp(
  `(?<![^\\s"${invisible}])([${shortDashes}${longDashes}${invisible}]{0,8}[${shortDashes}${longDashes}][${invisible}]{0,8})` +
    `(\\p{L}[\\p{L}\\p{N}_${shortDashes}${invisible}]*)`,
  'gu',
);

/**
 * Finds the flags in a text whose quotes are masked. Dashes begin a flag only at the beginning of a word and directly
 * before a known name with nothing stuck to it; other words with dashes belong to the text.
 */
export function findFlags(masked: string): FoundFlag[] {
  return [...masked.matchAll(flagLike)].flatMap((match) => {
    const flag = asFlag(match, masked);
    return flag ? [flag] : [];
  });
}

/**
 * Throws a UserError for what is most likely a slip: a name that is nearly right, that other tools use for the same, that
 * has one short dash, or that something is stuck to.
 */
export function refuseSlips(masked: string): void {
  for (const match of masked.matchAll(flagLike)) {
    if (asFlag(match, masked)) continue;
    const word = withoutInvisible(match[2] ?? '');
    const meant = findFlagName(word) ?? (isLongDash(match[1] ?? '') ? guess(word) : undefined);
    if (meant) throw slip(/^\S*/.exec(masked.slice(match.index))?.[0] ?? word, meant);
  }
}

function asFlag(match: RegExpExecArray, masked: string): FoundFlag | undefined {
  const [typed, dashes, word] = match as unknown as [string, string, string];
  const end = match.index + typed.length;
  const name = findFlagName(withoutInvisible(word));
  const isFree = /^(?:$|[\s="])/.test(withoutInvisible(masked.slice(end, end + 8)));
  if (!name || !isFree || !isLongDash(dashes)) return undefined;
  return { name, typed: withoutInvisible(typed), start: match.index, end };
}

function isLongDash(dashes: string): boolean {
  const visible = withoutInvisible(dashes);
  return visible.length > 1 || new RegExp(`[${longDashes}]`).test(visible);
}

function guess(word: string): FlagName | undefined {
  const near = nearest(word, flagSpellings);
  return findFlagByOtherWord(word) ?? (near === undefined ? undefined : findFlagName(near));
}

function slip(typed: string, meant: FlagName) {
  return mistake(
    `I can't read ${shown(typed)}. Did you mean \`--${meant}\`?`,
    `The flags are ${allFlags}. If it is no flag, put it in backticks or quotes.`,
    flagRules[meant].example,
  );
}
