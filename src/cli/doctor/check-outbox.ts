import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { formatDuration } from '../../model/duration.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

const check = 'messages';
/** The bot takes some seconds between tries. */
const patienceMs = 60_000;

/** What the store has that was not delivered to a channel. */
export async function checkOutbox(dataDirectory: string, now: Date): Promise<Finding[]> {
  const path = join(dataDirectory, 'nightdesk.db');
  if (!existsSync(path)) return [];
  // Loads the native part of the store, for which there must be a reason.
  const { readUndelivered } = await import('../../db/read-undelivered.ts');
  let waiting: ReturnType<typeof readUndelivered>;
  try {
    waiting = readUndelivered(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fault(check, `the store ${path} can't be read: ${why}`, 'put back a copy of it: nightdesk restore')];
  }
  if (waiting.length === 0) return [ok(check, 'all are delivered')];
  return waiting.map(({ channel, count, failures, lastError, nextTryAt }) => {
    if (failures === 0)
      return ok(check, `${count} ${count === 1 ? 'waits' : 'wait'} for ${channel}, to be sent by the bot`);
    const inMs = nextTryAt.getTime() - now.getTime();
    const next =
      inMs > 0 ? `; the next try is in ${formatDuration(inMs)}` : inMs < -patienceMs ? '; no bot tries it' : '';
    return warning(
      check,
      `${count} ${count === 1 ? 'waits' : 'wait'} for ${channel} after ${failures} failed ${failures === 1 ? 'try' : 'tries'}: ${lastError ?? 'no reason was given'}${next}`,
      `see that the bot may write to ${channel}; what waits is sent as soon as it can be`,
    );
  });
}
