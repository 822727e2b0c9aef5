import { createQuotePartners, isEscaped, type QuotePartners } from './quote-partners.ts';
import { cut, mistake } from './mistake.ts';

/** A quoted stretch of a text: `text.slice(start, end)` has the quotes, `inner` has not, nor the escapes. */
export interface QuotedSpan {
  start: number;
  end: number;
  kind: 'double' | 'single' | 'backtick';
  inner: string;
}

const opening = /[`"“”„«»「'‘‚]/g;

/** Shortened words: the mark before them is an apostrophe, also where a composer has made an opening ‘ of it. */
const shortened = /^['‘](?:\d\ds?|tis|twas|til|em|cause|n)(?![\p{L}\p{N}])/iu;

/** A mark behind one of these is an apostrophe, or closes something. */
const wordBefore = /[\p{L}\p{N}_.)\]}!?'’"”\\]/u;

/** By opener: what closes it, the most likely first; those of one string are equally likely. */
const doubleClosers: Record<string, readonly string[]> = {
  '"': ['"', '”“'],
  '“': ['”"', '“'],
  '”': ['”'],
  '„': ['“”', '"'],
  '«': ['»'],
  '»': ['«'],
  '「': ['」'],
};

/**
 * Finds the quoted stretches of a text, in order: "…", “…”, „…“, «…», »…«, 「…」, single quotes, `…` and ```…```. A
 * backslash in front makes a quote a plain character; in backticks it does not (as in Markdown). An apostrophe is a
 * letter, and so is a single quote without a partner and an inch mark (`5"`). Throws a UserError that says where for any
 * other mark without a partner, unless it `isLoose`: such a mark is a plain character then.
 */
export function findQuotes(text: string, { isLoose = false } = {}): QuotedSpan[] {
  const spans: QuotedSpan[] = [];
  const source = { text, partners: createQuotePartners(text), loneRuns: new Set<number>(), isLoose };
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const isPlain = isEscaped(text, match.index);
    const span = isPlain ? undefined : spanAt(source, match.index, match[0]);
    if (span) spans.push(span);
    // Backticks in a row are one mark, so a run of them without a partner is passed over as a whole.
    const length = isPlain ? 1 : Math.max(1, runLength(text, match.index));
    opening.lastIndex = span?.end ?? match.index + length;
  }
  return spans;
}

/** The text with each quoted stretch replaced by as many `"`: what is left outside can be searched. */
export function maskQuotes(text: string, spans: readonly QuotedSpan[]): string {
  let masked = '';
  for (const { start, end } of spans) masked += text.slice(masked.length, start) + '"'.repeat(end - start);
  return masked + text.slice(masked.length);
}

interface Source {
  text: string;
  partners: QuotePartners;
  /** Lengths of backticks in a row that have no partner, from any later place neither. */
  loneRuns: Set<number>;
  isLoose: boolean;
}

function spanAt(source: Source, start: number, opener: string): QuotedSpan | undefined {
  if (opener === '`') return backtickSpan(source, start);
  return /['‘‚]/.test(opener) ? singleSpan(source, start, opener) : doubleSpan(source, start, opener);
}

function backtickSpan(source: Source, start: number): QuotedSpan | undefined {
  const { text } = source;
  const size = runLength(text, start);
  const first = source.loneRuns.has(size) ? -1 : text.indexOf('`', start + size);
  for (let at = first; at >= 0; at = text.indexOf('`', at)) {
    const found = runLength(text, at);
    if (found === size || (size >= 3 && found > size)) {
      return { start, end: at + found, kind: 'backtick', inner: text.slice(start + size, at) };
    }
    at += found;
  }
  source.loneRuns.add(size);
  return refuseLone(source, start, '`'.repeat(Math.min(size, 3)));
}

function runLength(text: string, start: number): number {
  let end = start;
  while (text[end] === '`') end += 1;
  return end - start;
}

function singleSpan({ text, partners }: Source, start: number, opener: string): QuotedSpan | undefined {
  const before = text[start - 1];
  const after = text[start + 1];
  if ((before !== undefined && wordBefore.test(before)) || shortened.test(text.slice(start, start + 8)))
    return undefined;
  if (after === undefined || /\s/.test(after)) return undefined;
  const end = partners.nextSingle(opener, start);
  if (end === undefined) return undefined;
  const inner = text.slice(start + 1, end);
  // A partner behind a paragraph or an open double quote is more likely an apostrophe that only looks like one.
  const isUnlikely = /\n\s*\n/.test(inner) || (inner.length > 1 && inner.split('"').length % 2 === 0);
  return isUnlikely ? undefined : { start, end: end + 1, kind: 'single', inner: inner.replaceAll(/\\(['‘’])/g, '$1') };
}

function doubleSpan(source: Source, start: number, opener: string): QuotedSpan | undefined {
  const { text, partners } = source;
  const before = text[start - 1] ?? ' ';
  const opensWord = !wordBefore.test(before) && /\S/.test(text[start + 1] ?? ' ');
  if (/["”]/.test(opener) && /\d/.test(before)) return undefined;
  if (opener === '»' && !opensWord) return undefined;
  if (opener === '”' && !opensWord) return refuseLone(source, start, opener);
  const end = findCloser(partners, start, opener);
  if (end !== undefined) {
    const inner = text.slice(start + 1, end).replaceAll(/\\(["“”„«»「」])/g, '$1');
    return { start, end: end + 1, kind: 'double', inner };
  }
  return opener === '»' ? undefined : refuseLone(source, start, opener);
}

function findCloser(partners: QuotePartners, start: number, opener: string): number | undefined {
  const nested = opener === '“' ? partners.nested(start) : undefined;
  if (nested !== undefined) return nested;
  for (const marks of doubleClosers[opener] ?? []) {
    const at = partners.next(marks, start);
    if (at !== undefined) return at;
  }
  return undefined;
}

/** A mark without a partner: refused, or a plain character. */
function refuseLone({ text, isLoose }: Source, start: number, mark: string): undefined {
  if (!isLoose) throw withoutPartner(text, start, mark);
  return undefined;
}

function withoutPartner(text: string, at: number, mark: string) {
  const line = text.slice(0, at).split('\n').length;
  const from = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 20);
  const place = text.slice(from, at) + cut(text.slice(at).split('\n', 1)[0] ?? '', 30);
  const where = `“${from > 0 && text[from - 1] !== '\n' ? '…' : ''}${place.trim()}”${line > 1 ? `, line ${line}` : ''}`;
  return mistake(
    `The ${mark} in ${where} has no partner.`,
    `Quotes and backticks come in pairs; a backslash in front (\\${mark[0]}) makes one a plain character, and pasted text is safe between two lines of three backticks.`,
    mark.startsWith('`')
      ? 'schedule make `npm test` pass --project api'
      : 'schedule "fix the login page" --project api',
  );
}
