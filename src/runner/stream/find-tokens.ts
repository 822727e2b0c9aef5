import { mayHoldToken } from './quick-look.ts';
import { findServiceTokens } from './service-tokens.ts';
import { tokenRules } from './token-rules.ts';
import { viewsOf } from './text-views.ts';

/** A place in a text that holds a token. */
export interface FoundToken {
  start: number;
  end: number;
  /** `GitHub token` */
  kind: string;
}

/**
 * At least 18 printable characters in base64, from any of its four places on: what is no text, an image or a hash, can't be
 * written so. A byte below 0x80 leaves one bit of each of the first three characters unset.
 */
const encodedText =
  /(?:[I-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){6,}[A-Za-z0-9+/_-]{0,3}/g;

/**
 * Tokens of known shapes: as they are, as JSON and URLs escape them, over wrapped lines, and in base64. In their order, and
 * none overlaps another.
 */
export function findTokens(text: string): FoundToken[] {
  if (!mayHoldToken(text)) return [];
  const [plain = [], ...decoded] = viewsOf(text).map((view) =>
    [...findPlain(view.text), ...findEncoded(view.text)].map(({ start, end, kind }) => ({
      start: view.startOf(start),
      end: view.endOf(end),
      kind,
    })),
  );
  const further = decoded.flat().filter((token) => !isWordBehind(text, plain, token));
  return merge([...plain, ...further]);
}

/** A token that ends its line, taken together with the word that begins the next one. */
function isWordBehind(text: string, plain: readonly FoundToken[], { start, end }: FoundToken): boolean {
  const same = plain.find((token) => token.start === start && token.end < end);
  const behind = same && text.slice(same.end, end);
  return behind !== undefined && behind.startsWith('\n') && !/\d|[a-z][A-Z]|[A-Z]{2}/.test(behind);
}

function findPlain(text: string): FoundToken[] {
  const found = tokenRules.flatMap(({ kind, hints, find }) =>
    hints.length > 0 && !hints.some((hint) => text.includes(hint))
      ? []
      : find(text).map((place) => ({ ...place, kind })),
  );
  return [...found, ...findServiceTokens(text)];
}

function findEncoded(text: string): FoundToken[] {
  return [...text.matchAll(encodedText)].flatMap(({ index, 0: run }) =>
    findPlain(Buffer.from(run, 'base64').toString('latin1')).map(({ start, end, kind }) => ({
      start: index + Math.floor((start * 8) / 6),
      end: index + Math.min(run.length, Math.ceil((end * 8) / 6)),
      kind,
    })),
  );
}

/** What overlaps becomes one place, under the name of its longest part. */
function merge(found: FoundToken[]): FoundToken[] {
  const merged: FoundToken[] = [];
  let longest = 0;
  for (const token of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || token.start >= last.end) {
      merged.push({ ...token });
      longest = token.end - token.start;
      continue;
    }
    last.end = Math.max(last.end, token.end);
    if (token.end - token.start <= longest) continue;
    longest = token.end - token.start;
    last.kind = token.kind;
  }
  return merged;
}
