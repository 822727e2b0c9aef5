import type { UserError } from '../user-error.ts';
import type { FoundFlag } from './find-flags.ts';
import { flagRules } from './flag-rules.ts';
import { cut, mistake, shown } from './mistake.ts';
import { slugWords } from './slug-words.ts';
import { bareWord } from './words.ts';

/**
 * The refusal of words that stand behind a value, on its line, where the goal has begun already. `value` is what stands
 * between the flag and them.
 */
export function wordsBehind(behind: string, flag: FoundFlag, value: string, goalPlace: string): UserError {
  const given = value.replace(/^\s*=?\s*/, '').trim();
  const where = `${shown(behind)} stands behind ${shown(`${flag.typed} ${given}`)}`;
  const { takes, example } = flagRules[flag.name];
  if (flag.name.endsWith('accept') && /^\s*["“'‘«`]/.test(behind)) {
    const checks = `--${flag.name} ${cut(given, 80)} --${flag.name} ${cut(behind.trim(), 80)}`;
    return mistake(`${where}.`, `Each check has an \`--${flag.name}\` of its own.`, checks);
  }
  const allowed = takes === 'line' ? 'A value of several words needs quotes' : `\`--${flag.name}\` takes one ${takes}`;
  return mistake(
    `${where}, and is neither a flag nor in the goal.`,
    `${allowed}; ${goalPlace}.`,
    asOneValue(flag, given, behind) ?? example,
  );
}

/** The flag with both as its value, where that can be one. */
function asOneValue({ name }: FoundFlag, given: string, behind: string): string | undefined {
  const whole = `${bareWord(given)} ${behind.trim()}`.replaceAll(/[\s"“”\\]+/g, ' ').trim();
  if (whole.length > 80) return undefined;
  if (flagRules[name].takes === 'line') return `--${name} "${whole}"`;
  return name === 'name' ? `--name ${slugWords(whole).join('-').slice(0, 50).replace(/-$/, '')}` : undefined;
}
