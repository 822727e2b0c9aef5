import { stripVTControlCharacters } from 'node:util';

export interface ExcerptLimits {
  headLines: number;
  tailLines: number;
  /** Longer lines lose their middle. */
  lineCharacters: number;
}

/**
 * The head and the tail of a text of any length, with a line between that says how much is left out. Mask before cutting:
 * half a secret is found no more.
 */
export function excerpt(text: string, limits: ExcerptLimits): string {
  const whole = text.endsWith('\n') ? text.slice(0, -1) : text;
  const cut = (part: string): string[] => part.split('\n').map((line) => cutLine(line, limits.lineCharacters));
  const headEnd = afterLines(whole, limits.headLines);
  const tailStart = beforeLines(whole, limits.tailLines);
  if (headEnd >= tailStart) return cut(whole).join('\n');
  const leftOut = countLines(whole, headEnd, tailStart);
  const mark = `… ${leftOut.toLocaleString('en-US')} ${leftOut === 1 ? 'line' : 'lines'} left out …`;
  const head = headEnd === 0 ? [] : cut(whole.slice(0, headEnd - 1));
  const tail = tailStart > whole.length ? [] : cut(whole.slice(tailStart));
  return [...head, mark, ...tail].join('\n');
}

/** Keeps the head and the tail of one line. */
export function cutLine(line: string, characters: number): string {
  if (line.length <= characters) return line;
  const headLength = Math.ceil((characters * 2) / 3);
  const head = line.slice(0, headLength);
  const tail = line.slice(line.length - (characters - headLength));
  const leftOut = line.length - characters;
  return `${whole(head)} … ${leftOut.toLocaleString('en-US')} characters left out … ${whole(tail)}`;
}

/** Without the halves of a character that a cut leaves at its edges. */
const whole = (text: string): string => text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');

/**
 * Text of a program made fit for a file and a terminal: no colours, no cursor movements, no other control characters. A
 * line that a program wrote over, as a progress bar does, becomes several.
 */
export function plainText(text: string): string {
  // Most texts are plain, and this is many times faster than the expressions below.
  if (isPlain(text)) return text;
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  // oxlint-disable-next-line no-control-regex
  return stripVTControlCharacters(withoutCommands(lines)).replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '');
}

/**
 * Without commands to the terminal: titles, links. Node takes them out as well, but looks for the end of each through all of
 * the text: for minutes where many have none, and it swallows what stands between one and the end of another.
 */
function withoutCommands(text: string): string {
  if (!text.includes('\u001B]')) return text;
  // oxlint-disable-next-line no-control-regex
  const ended = text.replace(/\u001B\][^\n\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)/g, '');
  // What has no end is an escape sequence like any other.
  return ended.replaceAll('\u001B]', '\u001B[');
}

// oxlint-disable-next-line no-control-regex
const isPlain = (text: string): boolean => !/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/.test(text);

/** Where the text behind the first `count` lines begins; past its end where there are no more lines. */
function afterLines(text: string, count: number): number {
  let at = 0;
  for (let line = 0; line < count; line += 1) {
    const next = text.indexOf('\n', at);
    if (next === -1) return text.length + 1;
    at = next + 1;
  }
  return at;
}

/** Where the last `count` lines begin. */
function beforeLines(text: string, count: number): number {
  let at = text.length + 1;
  for (let line = 0; line < count && at > 0; line += 1) {
    at = at < 2 ? 0 : text.lastIndexOf('\n', at - 2) + 1;
  }
  return at;
}

function countLines(text: string, start: number, end: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end - 1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
