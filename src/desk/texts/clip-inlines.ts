import type { Inline } from '../../model/message.ts';

/** The beginning of a line's content, cut with `…` where its text is longer than `limit` characters. */
export function clipInlines(content: readonly Inline[], limit: number): Inline[] {
  const clipped: Inline[] = [];
  let left = limit;
  for (const part of content) {
    const text = typeof part === 'string' ? part : 'text' in part ? part.text : '';
    if (text.length > left) {
      const cut = `${text.slice(0, Math.max(0, left - 1))}…`;
      return [...clipped, typeof part === 'object' && part.kind === 'code' ? { ...part, text: cut } : cut];
    }
    left -= text.length;
    clipped.push(part);
  }
  return clipped;
}
