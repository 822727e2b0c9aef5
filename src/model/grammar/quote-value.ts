/**
 * The value as it can stand behind a flag, so that the grammar reads it back as it is: bare where it is one plain word, else
 * quoted. Spaces around it are not kept.
 */
export function quoteValue(value: string): string {
  const text = value.trim();
  if (/^[\p{L}\p{N}][\p{L}\p{N}._:/+-]*$/u.test(text)) return text;
  if (text !== '' && !/[\\"“”„«»「」]/.test(text)) return `"${text}"`;
  // Nothing in backticks is an escape, so that any text can stand between two runs that are longer than each in it.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${text} ${fence}`;
}
