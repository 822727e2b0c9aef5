import { formatDuration } from '../../model/duration.ts';
import { mostRunsOfJob, type Retention } from '../../model/retention.ts';
import { runLabel } from '../../model/run.ts';
import { plural } from './run-facts.ts';

const dayMs = 24 * 60 * 60_000;

/** What is said of a run that was there, with the rule that deletes runs: which arm of it did, nothing knows any more. */
export function goneRunText(id: number, { runsMs }: Pick<Retention, 'runsMs'>): string {
  const gone = `There is no run \`${runLabel(id)}\` any more: it was deleted.`;
  if (runsMs === null) return gone;
  const age = runsMs % dayMs === 0 ? plural(runsMs / dayMs, 'day') : formatDuration(runsMs);
  const most = mostRunsOfJob.toLocaleString('en');
  return `${gone} Runs are kept for ${age} after their end, and the newest ${most} of a job (\`retention.runs\`).`;
}
