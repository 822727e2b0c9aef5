import type { GrammarContext } from './grammar-context.ts';
import { isReference } from './reference.ts';
import { mistake, shown } from './mistake.ts';
import { commandUsage, descriptions, type Subcommand } from './subcommands.ts';
import { bareWord, looksLikeFlag, splitWords } from './words.ts';

/** Reads the one job or run that a command is about. Whether it exists the desk knows. Throws a UserError. */
export function parseTarget(subcommand: Subcommand, text: string, context: GrammarContext): string {
  const [first = '', ...more] = splitWords(text);
  const target = readTarget(subcommand, first, context);
  refuseMore(subcommand, more, context);
  return target;
}

/** Reads a word that should name a job or a run. */
export function readTarget(subcommand: Subcommand, word: string, context: GrammarContext): string {
  const target = bareWord(word);
  if (looksLikeFlag(word)) throw flagRefused(subcommand, word, context);
  if (target === '') throw unfit(`\`${subcommand}\` needs to know which one.`, subcommand, context);
  if (target.toLowerCase() === 'all') {
    throw unfit(`\`${subcommand}\` takes one; \`all\` is for \`pause\` and \`resume\`.`, subcommand, context);
  }
  if (!isReference(target)) {
    throw unfit(`${shown(word)} can be neither the name of a job nor the number of a run.`, subcommand, context);
  }
  return target;
}

/** Refuses whatever is left when a command has all it takes. */
export function refuseMore(subcommand: Subcommand, words: readonly string[], context: GrammarContext): void {
  const flag = words.find(looksLikeFlag);
  if (flag !== undefined) throw flagRefused(subcommand, flag, context);
  if (words.length === 0) return;
  throw unfit(`${shown(words.join(' '))} is more than \`${subcommand}\` takes.`, subcommand, context, true);
}

export function flagRefused(subcommand: Subcommand, flag: string, context: GrammarContext) {
  return unfit(`\`${subcommand}\` takes no flags, and ${shown(flag)} looks like one.`, subcommand, context);
}

/** A refusal with how the command is written. */
export function unfit(given: string, subcommand: Subcommand, { commandName }: GrammarContext, mayBeGoal = false) {
  const allowed = `It is written \`${commandName} ${commandUsage(subcommand)}\`.`;
  const hint = mayBeGoal ? ' A goal needs `schedule` in front.' : '';
  return mistake(given, `${allowed}${hint}`, `${commandName} ${descriptions[subcommand].example}`);
}
