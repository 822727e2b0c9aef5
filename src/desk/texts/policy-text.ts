import { formatDuration } from '../../model/duration.ts';
import type { RunSettings } from '../../model/job.ts';
import type { OverlapRule } from '../../model/overlap.ts';

const overlaps: Record<OverlapRule, string | undefined> = {
  skip: undefined,
  queue: 'one waits while a run goes on',
  cancel: 'what falls due cancels a run that goes on',
  allow: 'what falls due runs beside a run that goes on',
};

/** What a job does at overlaps and after downtime, where that is not the usual. */
export function policyTexts({ overlap, catchUp, catchUpWithinMs }: RunSettings): (string | undefined)[] {
  const late = `up to ${formatDuration(catchUpWithinMs)} late`;
  const caught = {
    skip: 'catches up nothing after downtime',
    latest: undefined,
    all: `after downtime runs all that are ${late}`,
  };
  return [overlaps[overlap], caught[catchUp]];
}
