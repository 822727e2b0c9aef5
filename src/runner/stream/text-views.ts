/** A part of a text as a reader of one of its encodings sees it, and where in the text its characters come from. */
export interface TextView {
  text: string;
  /** Where the character at `at` of the view begins in the text, and where the one before it ends. */
  startOf: (at: number) => number;
  endOf: (at: number) => number;
}

interface Encoding {
  /** Without it in the text there is nothing to be decoded. */
  hint: string;
  escape: RegExp;
  decode: (escape: string) => string;
  isMeant?: (text: string, at: number) => boolean;
}

const fromHex = (hex: string): string => String.fromCharCode(parseInt(hex, 16));

const encodings: readonly Encoding[] = [
  // Of all that JSON escapes only these stand in tokens and in URLs.
  { hint: '\\/', escape: /\\\//g, decode: () => '/' },
  { hint: '\\u00', escape: /\\u00[2-7][0-9a-f]/gi, decode: (text) => fromHex(text.slice(2)) },
  { hint: '%', escape: /%(?:[2-7][0-9a-f]|0[ad])/gi, decode: (text) => fromHex(text.slice(1)) },
  // Listings and diffs put numbers and signs before each line.
  { hint: '\n', escape: /\r?\n[ \t+]*(?:\d+[→|\t])?(?=[\w+/=.-])/g, decode: () => '', isMeant: isWrap },
];

const minWrapColumn = 60;

/** A break behind a line as wide as terminals and encoders make them, in the middle of what may be a token. */
export function isWrap(text: string, at: number): boolean {
  return at - text.lastIndexOf('\n', at - 1) > minWrapColumn && /^[\w+/=.:@-]{6}$/.test(text.slice(at - 6, at));
}

const space = 0x20;

/** The text itself, and what JSON, a URL or wrapped lines hide in it. Most texts have no view but the first. */
export function viewsOf(text: string): TextView[] {
  const decoded = encodings.filter(({ hint }) => text.includes(hint)).map((encoding) => decodedView(text, encoding));
  return [{ text, startOf: (at) => at, endOf: (at) => at }, ...decoded.filter((view) => view.text !== '')];
}

/** A run of characters that stand in the view as they stand in the text, or one that stands for an escape. */
interface Piece {
  inView: number;
  inText: number;
  /** Where the text behind its first character goes on. */
  afterFirst: number;
}

function decodedView(text: string, { escape, decode, isMeant }: Encoding): TextView {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  const add = (characters: string, inText: number, firstLength: number): void => {
    if (characters === '') return;
    pieces.push({ inView: length, inText, afterFirst: inText + firstLength });
    parts.push(characters);
    length += characters.length;
  };

  // Only the words that have escapes in them: the others are looked at as they stand in the text.
  let last = 0;
  let wordEnd = -1;
  for (const { index, 0: escaped } of text.matchAll(escape)) {
    if (isMeant?.(text, index) === false) continue;
    if (index > wordEnd) {
      add(text.slice(last, Math.max(last, wordEnd)), last, 1);
      add('\n', Math.max(0, wordEnd), 0);
      last = wordStart(text, index, Math.max(0, wordEnd));
    }
    add(text.slice(last, index), last, 1);
    add(decode(escaped), index, escaped.length);
    last = index + escaped.length;
    if (wordEnd < last) wordEnd = endOfWord(text, last);
  }
  add(text.slice(last, Math.max(last, wordEnd)), last, 1);
  return {
    text: parts.join(''),
    startOf(at) {
      const { inView, inText } = pieceAt(pieces, at);
      return inText + at - inView;
    },
    endOf(at) {
      const { inView, inText, afterFirst } = pieceAt(pieces, at - 1);
      return at - inView === 1 ? afterFirst : inText + at - inView;
    },
  };
}

function wordStart(text: string, from: number, least: number): number {
  let at = from;
  while (at > least && text.charCodeAt(at - 1) > space) at -= 1;
  return at;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) > space) at += 1;
  return at;
}

const pieceAt = (pieces: readonly Piece[], at: number): Piece =>
  pieces[indexAt(pieces, at)] ?? { inView: 0, inText: 0, afterFirst: 0 };

function indexAt(pieces: readonly Piece[], at: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.inView ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
