import type { Retention } from '../../src/model/retention.ts';

/** Everything, for ever. */
export const keepAll: Retention = {
  logsMs: null,
  worktreesMs: null,
  branchesMs: null,
  size: { share: 1 },
  runsMs: null,
  rowsMs: null,
  auditMs: null,
};
