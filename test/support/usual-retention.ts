import type { Retention } from '../../src/model/retention.ts';

const dayMs = 86_400_000;

/** What the configuration says of keeping where nobody has written anything. */
export const usualRetention: Retention = {
  logsMs: 90 * dayMs,
  worktreesMs: 7 * dayMs,
  branchesMs: 30 * dayMs,
  size: { share: 0.2 },
  runsMs: 365 * dayMs,
  rowsMs: 180 * dayMs,
  auditMs: 365 * dayMs,
};
