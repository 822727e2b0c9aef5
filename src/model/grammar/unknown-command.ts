import type { UserError } from '../user-error.ts';
import type { GrammarContext } from './grammar-context.ts';
import { cut, mistake, shown } from './mistake.ts';
import { descriptions, findSubcommand, guessSubcommand, subcommands, type Subcommand } from './subcommands.ts';
import { splitFirstWord, splitWords, withoutMarks } from './words.ts';

interface Unknown {
  /** The first word, which is no command. */
  word: string;
  /** All that stands behind it. */
  rest: string;
  /** Whether a corrected text could be read. */
  isRead: (text: string) => boolean;
}

/** How much of what was typed goes into the refusal, in UTF-16 units. */
const maxEchoed = 300;

/**
 * The refusal of a text that begins with no command. It offers the nearest command where that makes sense of the text, and
 * else takes the text for a goal and shows it with `schedule` in front, ready to be copied.
 */
export function unknownCommand({ word, rest, isRead }: Unknown, { commandName }: GrammarContext): UserError {
  const given = `I don't know ${shown(word)}`;
  const known = `The commands are ${subcommands.join(', ')}.`;
  const count = splitWords(rest).length;
  const near = guessSubcommand(word);
  const corrected = corrections(word, rest, near).find(({ text }) => isRead(text));
  if (corrected) {
    const goalHint = count > 1 && near !== 'schedule' ? ' A goal needs `schedule` in front.' : '';
    const example = `${commandName} ${echo(corrected.text)}`;
    return mistake(`${given}. Did you mean \`${corrected.meant}\`?`, `${known}${goalHint}`, example);
  }
  if (near && count < 2) {
    return mistake(`${given}. Did you mean \`${near}\`?`, known, `${commandName} ${descriptions[near].example}`);
  }
  if (count === 0) return mistake(`${given}.`, known, `${commandName} help`);
  return mistake(
    count === 1 ? `${given}.` : `${given}, so this looks like a goal.`,
    `${known} A goal needs \`schedule\` in front.`,
    `${commandName} ${echo(`schedule ${word}${rest}`)}`,
  );
}

/**
 * What may have been meant: another command, the one behind a name of the bot, two words with a
 * dash between them, a whole command in quotes.
 */
function corrections(word: string, rest: string, near: Subcommand | undefined): { meant: string; text: string }[] {
  const spaced = word.replace('-', ' ');
  const unquoted = withoutMarks(`${word}${rest}`.trim(), '"“”\'‘’`');
  const found = [
    ...(near === undefined ? [] : [{ meant: near, text: `${near}${rest}` }]),
    ...(/^[/@]/.test(word) ? [{ meant: splitFirstWord(rest).word, text: rest }] : []),
    { meant: spaced, text: `${spaced}${rest}` },
    { meant: splitFirstWord(unquoted).word, text: unquoted },
  ];
  return found.filter(({ text }) => findSubcommand(splitFirstWord(text).word) !== undefined);
}

const echo = (text: string): string => cut(text.trim(), maxEchoed);
