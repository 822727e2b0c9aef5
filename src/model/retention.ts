import type { DiskAmount } from './disk.ts';

/** How many ended runs of one job are kept, the newest ones. A job that is due every few minutes has so many in weeks. */
export const mostRunsOfJob = 10_000;

/** How long after the end of a run what it left behind is kept; `null`: for ever. */
export interface Retention {
  /** Transcripts, patches and all other files of its attempts. */
  logsMs: number | null;
  /** Its git worktree: the work is on its branch. */
  worktreesMs: number | null;
  /** Its branch, where another branch has its work. */
  branchesMs: number | null;
  /** What logs and worktrees may take in all. */
  size: DiskAmount;
  /** The runs themselves, with their attempts and all that was told of them. */
  runsMs: number | null;
  /** Rows about what is over: occurrences, delivered messages, faults of the host. */
  rowsMs: number | null;
  /** Rows about who did what. */
  auditMs: number | null;
}
