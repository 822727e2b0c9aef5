import type { RunFilesRow } from '../../db/run-files.ts';
import { formatDuration } from '../../model/duration.ts';
import { plural } from './run-facts.ts';

/** Something that a run left and that retention deleted. */
export interface DeletedRemnant {
  what: 'logs' | 'worktree' | 'branch';
  at: Date;
  /** `its log was deleted 90 days after it ended`. */
  text: string;
}

const names = {
  logs: 'its log and all other files of its attempts were deleted',
  worktree: 'its worktree was deleted',
  branch: 'its branch was deleted, as another branch has its commits,',
};

/** What of a run's remnants was deleted, and how long after its end. */
export function deletedRemnants(endedAt: Date | null, files: RunFilesRow | undefined): DeletedRemnant[] {
  if (files === undefined || endedAt === null) return [];
  const { logsDeletedAt, worktreeDeletedAt, branchDeletedAt } = files;
  const deleted = { logs: logsDeletedAt, worktree: worktreeDeletedAt, branch: branchDeletedAt };
  return (['logs', 'worktree', 'branch'] as const).flatMap((what) => {
    const at = deleted[what];
    return at === null
      ? []
      : [{ what, at, text: `${names[what]} ${timeSpan(at.getTime() - endedAt.getTime())} after it ended` }];
  });
}

const dayMs = 24 * 60 * 60_000;
const timeSpan = (ms: number): string => (ms < dayMs ? formatDuration(ms) : plural(Math.floor(ms / dayMs), 'day'));
