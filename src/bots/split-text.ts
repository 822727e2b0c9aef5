import { findOpenFence, type Fence } from './open-fence.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Cuts a text into parts of at most `limit` UTF-16 units: at the end of a paragraph, else of a line, else of a word, else
 * between two characters that people see. A fenced code block that is cut is closed and opened again, so that every part
 * renders on its own. What `whole` matches (a link, an entity) is not cut as long as it fits into a part. The white space at
 * a cut is dropped. `limit` must leave room for a fence: at least 16.
 */
export function splitText(text: string, limit: number, whole?: RegExp): string[] {
  const parts: string[] = [];
  let rest = text;
  let reopened = '';
  while (reopened.length + rest.length > limit) {
    const { length, fence } = findPart(reopened, rest, limit, whole);
    const part = rest.slice(0, length);
    parts.push(reopened + (fence === undefined ? part.trimEnd() : `${part.replace(/\n$/, '')}\n${fence.marker}`));
    rest = fence === undefined ? rest.slice(length).replace(/^\s+/, '') : rest.slice(length).replace(/^\n/, '');
    reopened = fence === undefined ? '' : reopening(fence, limit);
    if (rest === '') return parts.filter((each) => each !== '');
  }
  // Nothing but the end of the block was left of it.
  const isEmptyBlock = reopened !== '' && rest.trim() === reopened.trim().replace(/[^`~].*$/, '');
  return [...parts, ...(isEmptyBlock ? [] : [reopened + rest])].filter((each) => each !== '');
}

interface Part {
  length: number;
  /** The code block that is open where the part ends. */
  fence: Fence | undefined;
}

function findPart(reopened: string, rest: string, limit: number, whole: RegExp | undefined): Part {
  let reserved = 0;
  for (;;) {
    const room = Math.max(1, limit - reopened.length - reserved);
    const length = findCut(rest, room, whole);
    const fence = findOpenFence(reopened + rest.slice(0, length));
    if (fence === undefined) return { length, fence };
    // A block of which nothing but its first line would be here begins in the next part.
    if (fence.at > reopened.length && rest.slice(fence.at - reopened.length, length).trimEnd() === fence.line) {
      return { length: fence.at - reopened.length, fence: undefined };
    }
    const closing = fence.marker.length + 1;
    // Where not even a line fits between the fences, the code goes on as text.
    if (reopened.length + length + closing <= limit) return { length, fence };
    if (room <= closing) return { length: Math.max(1, room), fence: undefined };
    reserved += closing;
  }
}

function findCut(rest: string, room: number, whole: RegExp | undefined): number {
  if (rest.length <= room) return rest.length;
  const window = rest.slice(0, room + 1);
  const paragraph = window.lastIndexOf('\n\n');
  if (paragraph > room / 2) return keepWhole(rest, paragraph + 1, whole);
  const lineEnd = window.lastIndexOf('\n');
  if (lineEnd > room / 4) return keepWhole(rest, lineEnd, whole);
  const word = /^.*\S(?=\s)/s.exec(window)?.[0].length ?? 0;
  return keepWhole(rest, word > room / 4 ? word : characterEnd(rest, room), whole);
}

function keepWhole(rest: string, cut: number, whole: RegExp | undefined): number {
  if (whole === undefined) return cut;
  for (const match of rest.matchAll(new RegExp(whole, whole.flags.includes('g') ? whole.flags : `${whole.flags}g`))) {
    if (match.index >= cut) break;
    if (match.index > 0 && match.index + match[0].length > cut) return match.index;
  }
  return cut;
}

/** The last place up to `room` that is between two graphemes, or at least not inside of a surrogate pair. */
function characterEnd(text: string, room: number): number {
  const at = graphemes.segment(text.slice(0, room + 64)).containing(room)?.index ?? room;
  if (at > 0) return at;
  const isInPair = /[\ud800-\udbff]/.test(text[room - 1] ?? '') && /[\udc00-\udfff]/.test(text[room] ?? '');
  return isInPair && room > 1 ? room - 1 : room;
}

function reopening(fence: Fence, limit: number): string {
  const opening = fence.line.length <= limit / 4 ? fence.line : fence.marker;
  return opening.length <= limit / 2 ? `${opening}\n` : '';
}
