export interface QuotePartners {
  /** Where the first of these marks without a backslash stands behind `start`. */
  next(marks: string, start: number): number | undefined;
  /** Where a ' or ’ that ends a word stands behind `start`. */
  nextSingle(opener: string, start: number): number | undefined;
  /** The ” that closes the “ at `start`, past any “…” between them. */
  nested(start: number): number | undefined;
}

/** Behind a letter and before none: not the apostrophe of `don't`. */
const singleClosers: Record<string, RegExp> = {
  "'": /(?<![\s\\])['’](?![\p{L}\p{N}_])/gu,
  '‘': /(?<![\s\\])’(?![\p{L}\p{N}_])/gu,
  '‚': /(?<![\s\\])[‘’](?![\p{L}\p{N}_])/gu,
};

/** Finds closing quotes in a text, so that a text full of opening ones takes no longer than another. */
export function createQuotePartners(text: string): QuotePartners {
  const noneFrom = new Map<string, number>();
  let pairs: Map<number, number> | undefined;

  /** A search that failed once fails from any later place too. */
  function search(key: string, start: number, find: () => number | undefined): number | undefined {
    if (start >= (noneFrom.get(key) ?? Infinity)) return undefined;
    const found = find();
    if (found === undefined) noneFrom.set(key, start);
    return found;
  }

  return {
    next: (marks, start) =>
      search(marks, start, () => {
        for (let at = start + 1; at < text.length; at += 1) {
          if (marks.includes(text[at] ?? '') && !isEscaped(text, at)) return at;
        }
        return undefined;
      }),
    nextSingle: (opener, start) =>
      search(opener, start, () => {
        const closer = singleClosers[opener];
        if (!closer) return undefined;
        closer.lastIndex = start + 1;
        return closer.exec(text)?.index;
      }),
    nested(start) {
      pairs ??= pairNested(text);
      return pairs.get(start);
    },
  };
}

export function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function pairNested(text: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: mark, index } of text.matchAll(/[“”]/g)) {
    if (isEscaped(text, index)) continue;
    if (mark === '“') open.push(index);
    else {
      const start = open.pop();
      if (start !== undefined) pairs.set(start, index);
    }
  }
  return pairs;
}
