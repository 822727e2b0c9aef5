const maxListed = 6;

/**
 * Sorted numbers by their names: `Mondays and Thursdays`, `1st to 7th` for three or more in a row, at most six listed.
 * `undefined`: too many for a sentence.
 */
export function listInWords(values: number[], nameOf: (value: number) => string): string | undefined {
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (values.length > 2 && last - first === values.length - 1) return `${nameOf(first)} to ${nameOf(last)}`;
  return values.length > maxListed ? undefined : joinWords(values.map(nameOf));
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
