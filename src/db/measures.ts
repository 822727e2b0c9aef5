import type { HoldCause } from '../model/hold.ts';
import { liveStatuses } from '../model/run.ts';
import type { Db } from './open-database.ts';

/** How much there is of what is under way, for metrics. */
export interface Measures {
  /** Runs that have not ended, by status; `oldestAt` is when the first of them was queued. */
  runs: { status: string; count: number; oldestAt: Date }[];
  /** What waits to be told, by channel; `oldestAt` is when the first new message was written, null where only edits wait. */
  waiting: { channel: string; count: number; oldestAt: Date | null }[];
  holds: HoldCause[];
  /** What is at fault: `disk`, `project:api`. */
  alerts: string[];
}

/** Reads them anew at each call, by indexes alone. */
export function createMeasures({ $client: client }: Db): () => Measures {
  const live = liveStatuses.map((status) => `'${status}'`).join(', ');
  const runs = client.prepare<[], { status: string; count: number; oldestAt: number }>(
    `SELECT status, count(*) AS count, min(queued_at) AS oldestAt FROM runs WHERE status IN (${live}) GROUP BY status`,
  );
  const waiting = client.prepare<[], { channel: string; count: number; oldestAt: number | null }>(
    `SELECT channel, count(*) AS count, min(written_at) AS oldestAt FROM (
       SELECT channel, written_at FROM messages WHERE delivered_at IS NULL
       UNION ALL SELECT channel, CASE WHEN message_ref IS NULL THEN written_at END FROM views
       WHERE delivered_revision < revision)
     GROUP BY channel ORDER BY channel`,
  );
  const holds = client.prepare<[], HoldCause>('SELECT cause FROM holds WHERE ended_at IS NULL').pluck();
  const alerts = client.prepare<[], string>('SELECT "key" FROM alerts WHERE ended_at IS NULL').pluck();
  const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  return () => ({
    runs: runs.all().map((row) => ({ ...row, oldestAt: new Date(row.oldestAt) })),
    waiting: waiting.all().map((row) => ({ ...row, oldestAt: instant(row.oldestAt) })),
    holds: holds.all(),
    alerts: alerts.all(),
  });
}
