import type { Run } from '../../db/runs.ts';
import { dateTime, type Inline } from '../../model/message.ts';

/** Behind `waits`: until when, as far as that is known, and why. */
export function waitText(run: Pick<Run, 'waitReason' | 'deferredUntil'> | undefined): Inline[] {
  const until: Inline[] = run?.deferredUntil == null ? [] : [' until ', dateTime(run.deferredUntil)];
  return run?.waitReason == null ? until : [...until, ': ', ...run.waitReason];
}
