import type { Change } from '../db/store.ts';
import { platformOf } from '../model/platform-of.ts';
import { isFinal } from '../model/run.ts';
import { renderRunUnreachable } from './texts/delivery-text.ts';

export interface FailingChannel {
  channel: string;
  /** When it was found to fail. */
  since: Date;
  lastError: string | null;
}

interface Elsewhere {
  /** The channel for alerts. */
  alerts: string | undefined;
  /** How long a result must have waited. */
  afterMs: number;
  now: Date;
}

/**
 * Tells the results that have waited for a failing channel in the channel for alerts, each once, where that is on another
 * platform: what keeps the one from being reached says nothing of the other.
 */
export function tellElsewhere(
  change: Change,
  { channel, since, lastError }: FailingChannel,
  { alerts, afterMs, now }: Elsewhere,
): void {
  if (alerts === undefined || platformOf(alerts) === platformOf(channel)) return;
  for (const id of change.outbox.untoldRuns(channel, { before: 'elsewhere:run:', after: '' })) {
    const run = change.runs.get(id);
    if (run === undefined || !isFinal(run.status) || run.endedAt === null) continue;
    // What ended in the future did so by a wrong clock.
    const waitsSince = run.endedAt > now ? since : run.endedAt;
    if (now.getTime() - waitsSince.getTime() < afterMs) continue;
    const headline = change.outbox.view(`run:${run.id}`)?.body[0];
    const body = renderRunUnreachable(run, { headline, why: lastError ?? 'Nobody said why', channel });
    change.outbox.post({ key: `elsewhere:run:${run.id}`, channel: alerts, body }, now);
  }
}
