import { cut } from '../../model/grammar/mistake.ts';
import type { Inline } from '../../model/message.ts';

/** The beginning of a line's content, cut with `…` where its text is longer than `limit` characters. */
export function clipInlines(content: readonly Inline[], limit: number): Inline[] {
  const clipped: Inline[] = [];
  let left = limit;
  for (const part of content) {
    const text = typeof part === 'string' ? part : 'text' in part ? part.text : '';
    if (text.length > left) {
      const shown = left > 0 ? cut(text, left) : '…';
      return [...clipped, typeof part === 'object' && part.kind === 'code' ? { ...part, text: shown } : shown];
    }
    left -= text.length;
    clipped.push(part);
  }
  return clipped;
}
