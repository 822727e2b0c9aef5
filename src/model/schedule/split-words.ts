const weekday = '(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*';
const weekdayList = new RegExp(`\\b(?:${weekday}/)+${weekday}\\b`, 'gi');

const phrases: [RegExp, string][] = [
  [/\b([ap])\.m\.?/gi, '$1m'],
  [/\b(?:the )?day after tomorrow\b/gi, 'in 2 days'],
  [/\b(?:an|one|1) hour and a half\b/gi, '90 minutes'],
  [/\bhalf[ -](?:an )?hour\b/gi, '30 minutes'],
  [/\bright now\b/gi, 'now'],
  [/\bonce (?:an?|per|every|each) /gi, 'every '],
  [/\bweek[ -](days?|ends?)\b/gi, 'week$1'],
  [/(?<=\d) in the morning\b/gi, 'am'],
  [/(?<=\d) in the (?:afternoon|evening)\b/gi, 'pm'],
  [/(?<=\d) (am|pm)\b/gi, '$1'],
  [/\b(\d{4}-\d\d-\d\d)t(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?= |$)/gi, '$1 $2'],
  [/(?<=[a-z]) - (?=[a-z])/gi, '-'],
  [/@ ?(?=\d)/g, 'at '],
  [/[.!?]+$/, ''],
];

/** A schedule's text with what is said in several words, or in several ways, in one: `2 a.m.` becomes `2am`. */
export function respell(text: string): string {
  const listed = text.replaceAll(weekdayList, (list) => list.replaceAll('/', ' and '));
  return phrases.reduce((respelled, [pattern, replacement]) => respelled.replace(pattern, replacement), listed);
}

/** The words of respelled text, in lower case; a comma is an `and`. */
export function splitWords(text: string): string[] {
  const words = text.toLowerCase().replaceAll(/[,;&]/g, ' and ').split(/\s+/);
  return words.filter((word) => word !== '');
}

/** What a composer makes of typed text, undone: curly quotes, long dashes, several spaces, quotes around it all. */
export function tidyText(text: string): string {
  return text
    .replaceAll(/[‘’ʼ]/g, "'")
    .replaceAll(/[“”„]/g, '"')
    .replaceAll(/[‐-―−]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^(["'`])(.*)\1$/, '$2')
    .trim();
}
