import type { Command } from '../command.ts';
import { findFlags } from './find-flags.ts';
import { scheduleFlags } from './flag-sets.ts';
import type { GrammarContext } from './grammar-context.ts';
import { isBlank } from './invisible.ts';
import { flagRefused, readTarget } from './parse-target.ts';
import { findQuotes, maskQuotes } from './quotes.ts';
import { splitFirstWord } from './words.ts';

/**
 * Reads `retry <job or run> [note]`. The note is kept as typed, trimmed, without quotes around all of it. Flags in it are
 * refused unless they are quoted: a retry has the settings of its job. Throws a UserError.
 */
export function parseRetry(text: string, context: GrammarContext): Command {
  const { word, rest } = splitFirstWord(text);
  const target = readTarget('retry', word, context);
  const note = rest.trim();
  if (isBlank(note)) return { name: 'retry', target };
  const spans = findQuotes(note);
  const flag = findFlags(maskQuotes(note, spans), scheduleFlags)[0];
  if (flag) throw flagRefused('retry', flag.typed, context);
  const whole = spans.find((span) => span.start === 0 && span.end === note.length && span.kind !== 'backtick');
  const bare = whole?.inner.trim() ?? note;
  return isBlank(bare) ? { name: 'retry', target } : { name: 'retry', target, note: bare };
}
