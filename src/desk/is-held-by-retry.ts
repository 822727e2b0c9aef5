import type { Store } from '../db/store.ts';
import { isFinal } from '../model/run.ts';

/** Whether a run that lives retries this one, or retries one that does: it may begin from this one's branch. */
export function isHeldByRetry(store: Pick<Store, 'runs'>, runId: number): boolean {
  return store.runs.retriesOf(runId).some((retry) => !isFinal(retry.status) || isHeldByRetry(store, retry.id));
}
