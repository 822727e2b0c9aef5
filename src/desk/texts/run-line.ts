import type { Run } from '../../db/runs.ts';
import { bold, dateTime, line, type Block } from '../../model/message.ts';
import { isFinal, type FinalStatus } from '../../model/run.ts';
import { runLink } from './page-links.ts';
import { amountText, dotted } from './run-facts.ts';
import { formatDuration } from '../../model/duration.ts';

export const statusMarks: Record<FinalStatus, string> = {
  succeeded: '✅',
  unverified: '❔',
  failed: '❌',
  'timed-out': '⏱️',
  stalled: '💤',
  cancelled: '🛑',
  lost: '⚠️',
};

/** One line of `history`: state, name, when, how long, what it cost, why. */
export function renderRunLine(run: Run): Block {
  const mark = isFinal(run.status) ? statusMarks[run.status] : run.status === 'running' ? '⏳' : '🕔';
  const took = run.startedAt && run.endedAt && formatDuration(run.endedAt.getTime() - run.startedAt.getTime());
  return line(
    `${mark} `,
    bold(run.spec.jobName),
    ' ',
    runLink(run.id),
    ` ${run.status} · `,
    ...dotted(
      [dateTime(run.startedAt ?? run.queuedAt)],
      took ?? undefined,
      run.costUsd > 0 ? amountText(run.costUsd) : undefined,
      run.reason ?? undefined,
    ),
  );
}
