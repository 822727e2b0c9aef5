import { commandSchema, type Command } from '../command.ts';
import { UserError } from '../user-error.ts';
import { withoutInvisible } from './invisible.ts';
import { mistake, shown } from './mistake.ts';
import type { GrammarContext } from './grammar-context.ts';
import { parseEdit } from './parse-edit.ts';
import { parseHelp } from './parse-help.ts';
import { parsePause, parseResume } from './parse-pause.ts';
import { parseRetry } from './parse-retry.ts';
import { parseSchedule } from './parse-schedule.ts';
import { parseTarget, refuseMore } from './parse-target.ts';
import { findSubcommand, type Subcommand } from './subcommands.ts';
import { unknownCommand } from './unknown-command.ts';
import { splitFirstWord, splitWords, withoutOwnName } from './words.ts';

/** In UTF-16 units. Far above what the platforms let through; a script could send anything. */
export const maxCommandLength = 20_000;

type Reader = (rest: string, context: GrammarContext) => Command;

const readAlone =
  (name: 'list' | 'projects'): Reader =>
  (rest, context) => {
    refuseMore(name, splitWords(rest), context);
    return { name };
  };

const readTargeted =
  (name: 'show' | 'run' | 'cancel' | 'delete' | 'log' | 'history'): Reader =>
  (rest, context) => ({ name, target: parseTarget(name, rest, context) });

const readers: Record<Subcommand, Reader> = {
  schedule: parseSchedule,
  edit: parseEdit,
  list: readAlone('list'),
  show: readTargeted('show'),
  pause: parsePause,
  resume: parseResume,
  run: readTargeted('run'),
  cancel: readTargeted('cancel'),
  retry: parseRetry,
  delete: readTargeted('delete'),
  history: (rest, context) =>
    /^(?:all)?$/i.test(withoutInvisible(rest).trim()) ? { name: 'history' } : readTargeted('history')(rest, context),
  log: readTargeted('log'),
  projects: readAlone('projects'),
  help: parseHelp,
};

/**
 * Reads what stood behind `/claude` on any platform. The first word, in any case, is the command; nothing at all is
 * `help`, and `--help` asks for the help of the command in front of it. Throws a UserError for whatever cannot be read
 * for sure, and never anything else. `splitFlags` has the rules of `schedule`.
 */
export function parseCommand(text: string, context: GrammarContext): Command {
  refuseUnreadable(text);
  const { word, rest } = splitFirstWord(withoutOwnName(text, context.commandName));
  if (word === '' || isHelpFlag(word)) return { name: 'help' };
  const subcommand = findSubcommand(word);
  if (!subcommand) throw unknownCommand({ word, rest, isRead: (text) => isRead(text, context) }, context);
  if (isHelpFlag(rest)) return { name: 'help', topic: subcommand };
  return commandSchema.parse(readers[subcommand](rest, context));
}

function refuseUnreadable(text: string): void {
  const example = 'schedule follow the plan in docs/plan.md';
  if (text.length > maxCommandLength) {
    throw mistake(
      `The command has ${text.length.toLocaleString('en')} characters.`,
      `Up to ${maxCommandLength.toLocaleString('en')} are read; what is longer can stand in a file of the project that the goal names.`,
      example,
    );
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const where = nul === 0 ? 'at the beginning' : `behind ${shown(text.slice(0, nul).slice(-40))}`;
    throw mistake(`There is a NUL character ${where}.`, 'Only text is read.', example);
  }
  if (!text.isWellFormed())
    throw mistake('There is half a character in the command.', 'It has to be valid Unicode.', example);
}

function isHelpFlag(text: string): boolean {
  return /^(?:-{1,2}|[—–])(?:help|h)$/i.test(withoutInvisible(text).trim());
}

function isRead(text: string, context: GrammarContext): boolean {
  try {
    parseCommand(text, context);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
