import type { FoundFlag } from './find-flags.ts';
import { flagRules } from './flag-rules.ts';
import { invisible, isBlank } from './invisible.ts';
import type { QuotedSpan } from './quotes.ts';

const space = '[^\\S\\r\\n]*';
const gap = `(?:[^\\S\\r\\n]|[${invisible}])*`;
const valueStart = new RegExp(`${gap}(?:=${gap})?`, 'y');

const timeUnit = '(?:w|weeks?|d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)';
const time = `\\d+(?:\\.\\d+)?${space}${timeUnit}(?![a-z])`;
const times = `${time}(?:${space}(?:(?:,|and(?=\\s))${space})?${time})*`;
const dollars = `(?:(?:\\$|usd)${space})?\\d+(?:\\.\\d+)?(?:${space}(?:\\$|usd|dollars?))?`;

const unquotedValue = {
  word: /\S+/y,
  amount: new RegExp(`(?:${times}|${dollars})(?=\\s|$)|\\S+`, 'iy'),
  line: /[^\r\n]+/y,
} as const;

interface Place {
  text: string;
  /** The text with its quoted stretches replaced by `"`. */
  masked: string;
  spans: QuotedSpan[];
  flag: FoundFlag;
  /** Where the next flag begins, or the end of the text. */
  regionEnd: number;
}

/** The value of the flag, without the quotes around it and empty where there is none, and where it ends in the text. */
export function readValueAt({ text, masked, spans, flag, regionEnd }: Place): { value: string; end: number } {
  const region = masked.slice(0, regionEnd);
  const start = flag.end + (matchAt(valueStart, region, flag.end) ?? '').length;
  const rule = flagRules[flag.name];
  const span = spans.find((span) => span.start === start);
  const isQuoted = span !== undefined && !isCodeInSentence(span, region, rule.takes);
  const end = isQuoted ? span.end : start + (matchAt(unquotedValue[rule.takes], region, start) ?? '').length;
  const value = isQuoted ? span.inner : text.slice(start, end);
  return { value: isBlank(value) ? '' : value.trim(), end };
}

/** `--accept` with a sentence that begins with code: "`npm test` passes". */
function isCodeInSentence(span: QuotedSpan, region: string, takes: string): boolean {
  return takes === 'line' && span.kind === 'backtick' && /^[^\S\r\n]*\S/.test(region.slice(span.end));
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
