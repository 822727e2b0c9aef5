import { flagRules, type FlagName } from './flag-rules.ts';
import type { FlagSet } from './flag-sets.ts';
import { invisible, withoutInvisible } from './invisible.ts';
import { mistake, shown } from './mistake.ts';

export interface FoundFlag<Name extends FlagName = FlagName> {
  name: Name;
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
export function findFlags<Name extends FlagName>(masked: string, set: FlagSet<Name>): FoundFlag<Name>[] {
  return [...masked.matchAll(flagLike)].flatMap((match) => {
    const flag = asFlag(match, masked, set);
    return flag ? [flag] : [];
  });
}

/** The same with what is most likely a flag and was mistyped. */
export function findFlagsLoosely<Name extends FlagName>(masked: string, set: FlagSet<Name>): FoundFlag<Name>[] {
  return [...masked.matchAll(flagLike)].flatMap((match) => {
    const name = asFlag(match, masked, set)?.name ?? meantBy(match, set);
    const [typed] = match;
    return name === undefined ? [] : [{ name, typed, start: match.index, end: match.index + typed.length }];
  });
}

/**
 * Throws a UserError for what is most likely a slip: a name that is nearly right, that other tools use for the same, that
 * has one short dash, or that something is stuck to.
 */
export function refuseSlips(masked: string, set: FlagSet<FlagName>): void {
  for (const match of masked.matchAll(flagLike)) {
    if (asFlag(match, masked, set)) continue;
    const meant = meantBy(match, set);
    if (meant) throw slip(/^\S*/.exec(masked.slice(match.index))?.[0] ?? match[0], meant, set);
  }
}

function asFlag<Name extends FlagName>(
  match: RegExpExecArray,
  masked: string,
  set: FlagSet<Name>,
): FoundFlag<Name> | undefined {
  const [typed, dashes, word] = match as unknown as [string, string, string];
  const end = match.index + typed.length;
  const name = set.find(withoutInvisible(word));
  const isFree = /^(?:$|[\s="])/.test(withoutInvisible(masked.slice(end, end + 8)));
  if (!name || !isFree || !isLongDash(dashes)) return undefined;
  return { name, typed: withoutInvisible(typed), start: match.index, end };
}

function meantBy<Name extends FlagName>(match: RegExpExecArray, set: FlagSet<Name>): Name | undefined {
  const word = withoutInvisible(match[2] ?? '');
  return set.find(word) ?? (isLongDash(match[1] ?? '') ? set.guess(word) : undefined);
}

function isLongDash(dashes: string): boolean {
  const visible = withoutInvisible(dashes);
  return visible.length > 1 || new RegExp(`[${longDashes}]`).test(visible);
}

function slip(typed: string, meant: FlagName, { listed }: FlagSet<FlagName>) {
  return mistake(
    `I can't read ${shown(typed)}. Did you mean \`--${meant}\`?`,
    `The flags are ${listed}. If it is no flag, put it in backticks or quotes.`,
    flagRules[meant].example,
  );
}
