import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { launchBot, type ChaosBot } from './bot.ts';
import { lost, type ChaosFault } from './fault.ts';
import type { Place } from './place.ts';
import { createRunningClock } from './running-clock.ts';
import { readRunningAttempts, type RunningAttempt } from './store.ts';
import { isAdopted } from './taken-up.ts';
import type { Trace } from './trace.ts';

/** "Within 30 s of the start", of time in which the bot could run. */
const takenUpWithinMs = 30_000;
const lookEveryMs = 250;

export interface TakenUp {
  /** How many attempts were running when it began and are settled or adopted. */
  count: number;
  faults: ChaosFault[];
}

export interface WatchedStart {
  bot: ChaosBot;
  /** Resolves when every attempt that was running is settled or adopted, when the time for it is up, or when the bot is gone. */
  takenUp: Promise<TakenUp>;
}

/** Starts the bot, and looks what becomes of the attempts that were running when it began. */
export function startWatched(place: Place, trace: Trace): WatchedStart {
  const before = readRunningAttempts(place.database);
  const bot = launchBot(place);
  return { bot, takenUp: watchAttempts({ place, bot, trace, withinMs: takenUpWithinMs }, before) };
}

interface Watching {
  place: Pick<Place, 'root' | 'database'>;
  bot: Pick<ChaosBot, 'pid' | 'isGone'>;
  trace: Trace;
  /** Of time in which the bot could run. */
  withinMs: number;
}

/** Follows the attempts until each is settled or adopted, `withinMs` have passed, or the bot is gone. */
export async function watchAttempts(
  { place, bot, trace, withinMs }: Watching,
  before: RunningAttempt[],
): Promise<TakenUp> {
  const clock = createRunningClock(bot.pid);
  let open = before;
  for (;;) {
    // The clock before the look: what is seen late counts as it was.
    const ranMs = clock.look();
    open = findLeft(open, { root: place.root, database: place.database, bot: bot.pid });
    if (open.length === 0 || bot.isGone()) break;
    if (ranMs > withinMs) break;
    await pause(lookEveryMs);
  }
  const ids = (all: RunningAttempt[]): string[] => all.map(({ id }) => id);
  if (before.length > 0)
    trace.note('taken up', { of: ids(before), left: ids(open), afterMs: Math.round(clock.look()) });
  const isTooLate = open.length > 0 && !bot.isGone() && clock.look() > withinMs;
  const faults = open.map(({ id }) =>
    lost(`${id} was neither adopted nor settled within ${withinMs / 1_000} s of a start`),
  );
  return { count: before.length - open.length, faults: isTooLate ? faults : [] };
}

/** Those of the attempts that are neither settled, `lost` included, nor followed by the bot. */
function findLeft(
  attempts: RunningAttempt[],
  { root, database, bot }: { root: string; database: string; bot: number },
): RunningAttempt[] {
  if (attempts.length === 0) return [];
  const running = new Set(readRunningAttempts(database).map(({ id }) => id));
  return attempts.filter(
    ({ id, runId, number }) =>
      running.has(id) && !isAdopted(join(root, 'data', 'runs', `r${runId}`, String(number)), bot),
  );
}
