import type { AttemptReport, ClaudeReport } from './attempt.ts';

export interface AttemptCost {
  /** By the CLI's own estimate; `null` where no call told one. */
  costUsd: number | null;
  tokens: ClaudeReport['tokens'] | null;
}

/** To a hundredth of a cent: what lies behind it is noise of adding estimates up. */
export const roundUsd = (usd: number): number => Math.round(usd * 10_000) / 10_000;

/** What an attempt took: Claude's work and the judging of its sentences together. */
export function attemptCost({ claude, judge }: Pick<AttemptReport, 'claude' | 'judge'>): AttemptCost {
  if (judge === null) return { costUsd: claude?.costUsd ?? null, tokens: claude?.tokens ?? null };
  const tokens = claude === null ? judge.tokens : addTokens(claude.tokens, judge.tokens);
  return { costUsd: (claude?.costUsd ?? 0) + judge.costUsd, tokens };
}

export const addTokens = (one: ClaudeReport['tokens'], other: ClaudeReport['tokens']): ClaudeReport['tokens'] => ({
  input: one.input + other.input,
  output: one.output + other.output,
  cacheRead: one.cacheRead + other.cacheRead,
  cacheWrite: one.cacheWrite + other.cacheWrite,
});
