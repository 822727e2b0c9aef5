import { findFlags, refuseSlips, type FoundFlag } from './find-flags.ts';
import { flagRules, type FlagName } from './flag-rules.ts';
import type { FlagSet } from './flag-sets.ts';
import { isBlank } from './invisible.ts';
import { mistake } from './mistake.ts';
import { findQuotes, maskQuotes, type QuotedSpan } from './quotes.ts';
import { readValueAt } from './read-value-at.ts';
import { wordsBehind } from './words-behind.ts';

export interface FlagValue<Name extends FlagName = FlagName> {
  name: Name;
  /** As typed, for people: `—when`. */
  typed: string;
  value: string;
}

export interface Stretch {
  start: number;
  end: number;
}

/**
 * Splits what stands behind `schedule` into the goal and the flags with their values.
 *
 * The goal is everything that is neither a flag nor its value, exactly as typed, trimmed; quotes around all of it are
 * removed (backticks stay: they are code). It stands in front of the flags, or behind them on the same line or on lines
 * of its own. Words behind a value, on its line, while the goal has begun already, are refused: they are far more often
 * the rest of a value without quotes than a goal in two pieces. `hasGoal` says that it begins in front of `text`.
 *
 * A value in quotes ends with them. Without quotes it is one word (or one amount: `45 min`), but for `--when` and
 * `--accept` it goes to the next flag or the end of the line.
 */
export function splitFlags<Name extends FlagName>(
  text: string,
  set: FlagSet<Name>,
  { hasGoal: isGoalGiven = false } = {},
): { goal: string; flags: FlagValue<Name>[] } {
  const spans = findQuotes(text);
  const masked = maskQuotes(text, spans);
  refuseSlips(masked, set);
  const found = findFlags(masked, set);
  const pieces: Stretch[] = [{ start: 0, end: found[0]?.start ?? text.length }];
  let hasGoal = isGoalGiven || !isBlank(text.slice(0, found[0]?.start));
  const flags = found.map((flag, index): FlagValue<Name> => {
    const regionEnd = found[index + 1]?.start ?? text.length;
    const { value, end } = readValueAt({ text, masked, spans, flag, regionEnd });
    if (value === '') throw withoutValue(flag);
    const lineEnd = findLineEnd(masked, end, regionEnd);
    const behind = text.slice(end, lineEnd);
    if (!isBlank(behind) && (hasGoal || /^\S/.test(behind))) {
      throw wordsBehind(behind, flag, text.slice(flag.end, end), set.goalPlace);
    }
    pieces.push({ start: end, end: regionEnd });
    hasGoal ||= !isBlank(text.slice(end, regionEnd));
    return { name: flag.name, typed: flag.typed, value };
  });
  return { goal: joinGoal(pieces, text, spans), flags };
}

function withoutValue({ name, typed }: FoundFlag) {
  const { allowed, example } = flagRules[name];
  return mistake(`There is no value behind \`${typed}\`.`, allowed, example);
}

/** The goal of these pieces of a text, without quotes around all of it. */
export const joinGoal = (pieces: Stretch[], text: string, spans: QuotedSpan[]): string =>
  unquoted(pieces, text, spans) ?? joined(pieces, text);

export function findLineEnd(masked: string, start: number, end: number): number {
  const at = masked.slice(start, end).search(/[\r\n]/);
  return at < 0 ? end : start + at;
}

/** What is inside, where the goal is one piece and quoted as a whole. */
function unquoted(pieces: Stretch[], text: string, spans: QuotedSpan[]): string | undefined {
  const filled = pieces.filter((piece) => !isBlank(text.slice(piece.start, piece.end)));
  const only = filled[0];
  if (!only || filled.length > 1) return undefined;
  const piece = text.slice(only.start, only.end);
  const start = only.start + piece.length - piece.trimStart().length;
  const end = only.start + piece.trimEnd().length;
  const span = spans.find((span) => span.start === start && span.end === end && span.kind !== 'backtick');
  return span?.inner.trim();
}

/** A line that held flags alone goes with them; the line breaks of the goal's own lines stay. */
function joined(pieces: Stretch[], text: string): string {
  let goal = '';
  for (const { start, end } of pieces) {
    const piece = text.slice(start, end);
    if (isBlank(piece) && !/[\r\n]/.test(piece)) continue;
    goal = (/^[\r\n]/.test(piece) ? withoutLastBreak(goal) : goal) + piece;
  }
  return goal.trim();
}

function withoutLastBreak(text: string): string {
  const kept = text.trimEnd();
  const space = text.slice(kept.length);
  return kept + space.slice(0, Math.max(0, space.search(/(?:\r\n|\r|\n)[^\r\n]*$/)));
}
