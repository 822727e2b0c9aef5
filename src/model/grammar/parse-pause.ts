import type { Command } from '../command.ts';
import { parseDurationMs } from '../duration.ts';
import type { GrammarContext } from './grammar-context.ts';
import { mistake, shown } from './mistake.ts';
import { flagRefused, readTarget, refuseMore, unfit } from './parse-target.ts';
import { bareWord, looksLikeFlag, splitWords } from './words.ts';

const minuteMs = 60_000;
const maxUntilLength = 200;

/** Reads `pause <job> | all [until <time> | for <duration>]`. Throws a UserError. */
export function parsePause(text: string, context: GrammarContext): Command {
  const [first = '', ...more] = splitWords(text);
  const isUnnamed = /^(?:until|for)$/i.test(first);
  const isAll = bareWord(first).toLowerCase() === 'all';
  const target = isAll ? undefined : readTarget('pause', isUnnamed ? '' : first, context);
  const until = readUntil(more, context);
  const ending = until === undefined ? {} : { until };
  return target === undefined ? { name: 'pause-all', ...ending } : { name: 'pause', target, ...ending };
}

/** Reads `resume <job> | all | login`. Throws a UserError. */
export function parseResume(text: string, context: GrammarContext): Command {
  const [first = '', ...more] = splitWords(text);
  const word = bareWord(first).toLowerCase();
  const target = word === 'all' || word === 'login' ? undefined : readTarget('resume', first, context);
  refuseMore('resume', more, context);
  if (target !== undefined) return { name: 'resume', target };
  return { name: word === 'all' ? 'resume-all' : 'resume-login' };
}

/** The words behind `until`; those behind `for` become an instant in the words of schedules: `in 90 minutes`. */
function readUntil(words: readonly string[], context: GrammarContext): string | undefined {
  const [joint, ...rest] = words;
  if (joint === undefined) return undefined;
  const flag = words.find(looksLikeFlag);
  if (flag !== undefined) throw flagRefused('pause', flag, context);
  const time = bareWord(rest.join(' '));
  if (!/^(?:until|for)$/i.test(joint)) {
    throw unfit(`${shown(words.join(' '))} needs \`until\` or \`for\` in front.`, 'pause', context);
  }
  if (time === '') throw unfit(`There is no time behind \`${joint}\`.`, 'pause', context);
  if (time.length > maxUntilLength) {
    throw unfit(`The time behind \`${joint}\` has ${time.length.toLocaleString('en')} characters.`, 'pause', context);
  }
  return joint.toLowerCase() === 'for' ? inWords(time, context) : time;
}

function inWords(duration: string, { commandName }: GrammarContext): string {
  const ms = parseDurationMs(duration);
  if (ms === undefined || ms < minuteMs || ms > 365 * 1440 * minuteMs) {
    throw mistake(
      `I can't read ${shown(`for ${duration}`)}.`,
      'A pause lasts from 1 minute to 365 days, with the unit: `2h`, `90 min`, `3 days`; or `until` a time.',
      `${commandName} pause upgrade-deps for 3 days`,
    );
  }
  const minutes = Math.ceil(ms / minuteMs);
  if (minutes % 1440 === 0) return counted(minutes / 1440, 'day');
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute');
}

const counted = (count: number, unit: string): string => `in ${count} ${unit}${count === 1 ? '' : 's'}`;
