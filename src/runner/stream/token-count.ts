import type { Tokens } from './claude-line.ts';

export interface TokenCount {
  /** A usage of one answer. Several lines share an answer's id and usage; the last ones are the fullest. */
  see(thread: string | null, messageId: string | undefined, usage: Tokens): void;
  total(): Tokens;
}

/**
 * Adds up the usage of a stream without a `result`: each answer once. A thread's answers come one after the other, so
 * only the last of each is held open.
 */
export function createTokenCount(): TokenCount {
  const open = new Map<string | null, { messageId: string | undefined; usage: Tokens }>();
  let closed = noTokens;

  return {
    see(thread, messageId, usage) {
      const last = open.get(thread);
      const isSame = last !== undefined && (messageId === undefined || messageId === last.messageId);
      if (isSame) {
        last.usage = combine(last.usage, usage, Math.max);
        return;
      }
      if (last !== undefined) closed = combine(closed, last.usage, add);
      open.set(thread, { messageId, usage });
    },
    total: () => [...open.values()].reduce((sum, { usage }) => combine(sum, usage, add), closed),
  };
}

const noTokens: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

const add = (a: number, b: number): number => a + b;

function combine(a: Tokens, b: Tokens, join: (a: number, b: number) => number): Tokens {
  return {
    input: join(a.input, b.input),
    output: join(a.output, b.output),
    cacheRead: join(a.cacheRead, b.cacheRead),
    cacheWrite: join(a.cacheWrite, b.cacheWrite),
  };
}
