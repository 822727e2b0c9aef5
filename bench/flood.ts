import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does `act` `perSecond` times a second for some seconds, whether what was done before has ended or not, and resolves when all
 * have. What is late because the machine was busy is done at once.
 */
export async function flood<T>(perSecond: number, seconds: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const acts: Promise<T>[] = [];
  const startedAt = performance.now();
  while (acts.length < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, ((performance.now() - startedAt) / 1_000) * perSecond);
    while (acts.length < due) acts.push(act(acts.length));
    await pause(2);
  }
  return Promise.all(acts);
}
