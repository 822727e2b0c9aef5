import { UserError } from '../user-error.ts';
import { withoutInvisible } from './invisible.ts';

/** A refusal in the order of all of them: what was given, what is allowed, an example to copy. */
export function mistake(given: string, allowed: string, example: string): UserError {
  return new UserError(`${given} ${allowed} ${exampleOf(example)}`);
}

/** Text that inline code cannot hold (line breaks, backticks) stands below, as it is. */
function exampleOf(text: string): string {
  return /[`\r\n]/.test(text) ? `Example:\n${text}` : `Example: \`${text}\`.`;
}

/** What a person typed, for a sentence: on one line, cut at `limit` characters, as inline code where it can be. */
export function shown(text: string, limit = 60): string {
  const plain = withoutInvisible(text)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const short = cut(plain, limit);
  if (short === '') return '`""`';
  return short.includes('`') ? `“${short}”` : `\`${short}\``;
}

/** `--when "weekdays at 2am"`, for a sentence. */
export function shownFlag(name: string, value: string): string {
  const plain = value.trim();
  return shown(/[\s"]/.test(plain) ? `--${name} "${cut(plain, 60)}"` : `--${name} ${plain}`, 80);
}

/** The first `limit` UTF-16 units, never half a character, with `…` where something is missing. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `a`, `b` and `c`, as inline code. */
export function listed(words: readonly string[], joint: 'and' | 'or'): string {
  const quoted = words.map((word) => `\`${word}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${joint} ${last}`;
}
