import { UserError } from '../user-error.ts';

/** What was given, as the person typed it, and words that are read in its place. */
export interface Given {
  /** What stood before the words, `--when`; empty where they stand alone. */
  flag: string;
  words: string;
  examples: string[];
}

const maxShown = 100;
const maxOthers = 3;

/** The message for the person: what was given, why not (without a reason it can't be read), the nearest right thing. */
export function explainRefusal(reason: string | undefined, suggestions: string[], given: Given): UserError {
  const { flag, words, examples } = given;
  const shown = words.length > maxShown ? `${words.slice(0, maxShown)}…` : words;
  const quoted = `\`${[flag, `"${shown.replaceAll('`', "'")}"`].filter((part) => part !== '').join(' ')}\``;
  const hint = suggestions.length === 0 ? '' : ` Did you mean ${suggestions.map(quote).join(' or ')}?`;
  if (reason !== undefined) return new UserError(`I can't use ${quoted}: ${reason}.${hint}`);
  if (hint === '') return new UserError(`I can't read ${quoted}. Write it like ${examples.map(quote).join(', ')}.`);
  const others = examples.filter((example) => !suggestions.includes(example)).slice(-maxOthers);
  return new UserError(`I can't read ${quoted}.${hint} Also: ${others.map(quote).join(', ')}.`);
}

const quote = (words: string) => `\`${words}\``;
