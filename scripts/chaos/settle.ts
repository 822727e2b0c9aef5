import { setTimeout as pause } from 'node:timers/promises';

import { finalStatuses } from '../../src/model/run.ts';
import { lost } from './fault.ts';
import { startBot, stopBot, type Scene } from './perform.ts';
import { signal } from './processes.ts';
import { readStore, type StoreContent } from './store.ts';

// A start takes seconds of a processor; on a host with thirty times the work it can do, that is minutes.
const readyWithinMs = 180_000;
const stillWithinMs = 180_000;
const lookEveryMs = 250;

/**
 * Mends what was broken, has what hangs cancelled, looks where a person has to, and waits until nothing is left to be done. Then the
 * bot ends.
 */
export async function settle(scene: Scene): Promise<void> {
  const { place, plan, trace, faults } = scene;
  await Promise.all(scene.later);
  place.slack.faults.clear();
  for (const one of scene.paused) signal(one, 'SIGCONT');
  if (scene.bot.isGone()) startBot(scene);
  await Promise.race([scene.bot.ready, pause(readyWithinMs, undefined, { ref: false })]);
  trace.note('the bot is ready', { isReady: scene.bot.isReady() });
  if (!scene.bot.isReady()) throw new Error(`the bot was not ready within ${readyWithinMs / 1_000} s`);
  const hanging = plan.jobs.filter(({ ending }) => ending === 'hang').map(({ name }) => name);
  const everyMinute = new Set(plan.jobs.filter(({ due }) => due === 'every-minute').map(({ name }) => name));
  for (const name of everyMinute) await scene.bot.type(`pause ${name}`);
  const startedMs = performance.now();
  const cancelled = new Set<number>();
  const lookedAt = new Set<number>();
  for (let waiting = ['everything']; waiting.length > 0;) {
    if (performance.now() - startedMs > stillWithinMs) {
      faults.push(lost(`it did not come to rest within ${stillWithinMs / 1_000} s: ${waiting.join(', ')}`));
      break;
    }
    await pause(lookEveryMs);
    const store = readStore(place.database, { isWhole: false });
    waiting = whatWaits(store, everyMinute, Date.now());
    for (const { id, job, waitReason } of store.runs) {
      // In a folder whose last run left processes that are not proven gone.
      if (waitReason?.includes('when you have looked') !== true || lookedAt.has(id)) continue;
      lookedAt.add(id);
      await scene.bot.type(`run ${job}`);
    }
    for (const { id, job, status } of store.runs) {
      if (status !== 'running' || !hanging.includes(job) || cancelled.has(id)) continue;
      cancelled.add(id);
      await scene.bot.type(`cancel r${id}`);
    }
  }
  for (const start of await Promise.all(scene.starts)) {
    scene.takenUp += start.count;
    faults.push(...start.faults);
  }
  trace.note('at rest', { afterMs: Math.round(performance.now() - startedMs) });
  await stopBot(scene, 'SIGTERM');
}

function whatWaits(
  { runs, occurrences, messages, views }: StoreContent,
  everyMinute: Set<string>,
  now: number,
): string[] {
  return [
    ...runs
      .filter(({ status }) => !(finalStatuses as readonly string[]).includes(status))
      .map(({ id, status }) => `r${id} is ${status}`),
    // The other jobs fall due once, some of them in a moment.
    ...occurrences
      .filter(({ state, dueAt, job }) => state === 'planned' && (dueAt <= now || !everyMinute.has(job)))
      .map(({ job }) => `${job} is due`),
    ...[...messages, ...views].filter(({ isDelivered }) => isDelivered === 0).map(({ key }) => `${key} is to be told`),
  ];
}
