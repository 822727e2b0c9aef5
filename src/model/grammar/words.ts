import { withoutInvisible } from './invisible.ts';

/** The words of a text, without invisible characters. */
export function splitWords(text: string): string[] {
  return withoutInvisible(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The first word, without invisible characters and a colon at its end, and all that stands behind it as typed. */
export function splitFirstWord(text: string): { word: string; rest: string } {
  for (const { 0: found, index } of text.matchAll(/\S+/g)) {
    const word = withoutInvisible(found).replace(/:$/, '');
    if (word !== '') return { word, rest: text.slice(index + found.length) };
  }
  return { word: '', rest: '' };
}

/** `/claude schedule …` pasted as a whole behind `/claude`, once or again. */
export function withoutOwnName(text: string, commandName: string): string {
  const { word, rest } = splitFirstWord(text);
  return word.toLowerCase() === commandName.toLowerCase() ? withoutOwnName(rest, commandName) : text;
}

/** The word without quotes, backticks or marks of emphasis around it, as it comes from copying. */
export function bareWord(word: string): string {
  return withoutMarks(word, '"\'“”„‘’«»`*_');
}

/** The text without any of these marks at its ends. */
export function withoutMarks(text: string, marks: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && marks.includes(text[start] ?? '')) start += 1;
  while (end > start && marks.includes(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

export const looksLikeFlag = (word: string): boolean => /^[-‐‑−‒–—―]+\p{L}/u.test(word);
