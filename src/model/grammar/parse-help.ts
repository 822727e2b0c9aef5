import { nearest } from '../nearest.ts';
import type { Command } from '../command.ts';
import type { GrammarContext } from './grammar-context.ts';
import { listed, mistake, shown } from './mistake.ts';
import { refuseMore } from './parse-target.ts';
import { findSubcommand, guessSubcommand, subcommands, type Subcommand } from './subcommands.ts';
import { bareWord, splitWords } from './words.ts';

/** Each command, and what is worth a page beside them. */
export const helpTopics = [...subcommands, 'when', 'accept'] as const;
export type HelpTopic = Subcommand | 'when' | 'accept';

/** Reads `help [topic]`. Throws a UserError. */
export function parseHelp(text: string, context: GrammarContext): Command {
  const [first, ...more] = splitWords(text);
  if (first === undefined) return { name: 'help' };
  refuseMore('help', more, context);
  return { name: 'help', topic: readHelpTopic(first, context) };
}

/** The topic that a word names: a command or an alias of one, `when` or `accept`, in any case. Throws a UserError. */
export function readHelpTopic(word: string, { commandName }: GrammarContext): HelpTopic {
  const plain = bareWord(word).toLowerCase();
  const topic = findSubcommand(plain) ?? helpTopics.find((topic) => topic === plain);
  if (topic !== undefined) return topic;
  const near = guessSubcommand(plain) ?? nearest(plain, helpTopics);
  throw mistake(
    `There is no help on ${shown(word)}.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
    `There is help on ${listed(helpTopics, 'and')}.`,
    `${commandName} help ${near ?? 'schedule'}`,
  );
}
