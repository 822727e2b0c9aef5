import { findFlagsLoosely } from './find-flags.ts';
import type { FlagName } from './flag-rules.ts';
import type { FlagSet } from './flag-sets.ts';
import { isBlank } from './invisible.ts';
import { findQuotes, maskQuotes, type QuotedSpan } from './quotes.ts';
import { readValueAt } from './read-value-at.ts';
import { findLineEnd, joinGoal, type Stretch } from './split-flags.ts';

export interface LooseFlag<Name extends FlagName = FlagName> {
  name: Name;
  value: string;
}

/**
 * Splits as `splitFlags` does and refuses nothing: a lone quote is a plain character, a mistyped flag is the one that was
 * most likely meant, a flag without a value has an empty one, and words behind a value belong to it.
 */
export function splitLoosely<Name extends FlagName>(
  text: string,
  set: FlagSet<Name>,
  { hasGoal: isGoalGiven }: { hasGoal: boolean },
): { goal: string; flags: LooseFlag<Name>[] } {
  const spans = findQuotes(text, { isLoose: true });
  const masked = maskQuotes(text, spans);
  const found = findFlagsLoosely(masked, set);
  const pieces: Stretch[] = [{ start: 0, end: found[0]?.start ?? text.length }];
  let hasGoal = isGoalGiven || !isBlank(text.slice(0, found[0]?.start));
  const flags = found.flatMap((flag, index): LooseFlag<Name>[] => {
    const regionEnd = found[index + 1]?.start ?? text.length;
    const { value, end } = readValueAt({ text, masked, spans, flag, regionEnd });
    const behind = { start: end, end: findLineEnd(masked, end, regionEnd) };
    const isPart = hasGoal || /^\S/.test(text.slice(behind.start, behind.end));
    pieces.push({ start: isPart ? behind.end : end, end: regionEnd });
    hasGoal ||= !isBlank(text.slice(end, regionEnd));
    const values = isPart ? withWords(flag.name, value, { text, spans, behind }) : [value];
    return values.map((each) => ({ name: flag.name, value: withoutLoneQuotes(each) }));
  });
  return { goal: withoutLoneQuotes(joinGoal(pieces, text, spans)), flags };
}

/** The value with the words behind it; of a check, each quoted stretch is one more. */
function withWords(
  name: FlagName,
  value: string,
  { text, spans, behind }: { text: string; spans: readonly QuotedSpan[]; behind: Stretch },
): string[] {
  const words = text.slice(behind.start, behind.end).trim();
  if (isBlank(words)) return [value];
  const quoted = spans.filter((span) => span.start >= behind.start && span.end <= behind.end);
  const isList = name.endsWith('accept') && quoted[0] !== undefined && text.startsWith(words, quoted[0].start);
  return isList ? [value, ...quoted.map(({ inner }) => inner.trim())] : [`${value} ${words}`.trim()];
}

/** A quote at either end whose partner was forgotten. */
function withoutLoneQuotes(text: string): string {
  const opened = /^["“„«]([^"“”„«»]*)$/.exec(text)?.[1];
  const closed = /^([^"“”„«»]*)["”»]$/.exec(text)?.[1];
  return (opened ?? closed ?? text).trim();
}
