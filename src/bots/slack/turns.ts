import { setImmediate as nextRound } from 'node:timers/promises';

/**
 * Returns what has `work` done, one after the other, in the order in which it was asked for. Between two of them the event
 * loop takes a round: the store is written synchronously, and acknowledgements must get out while much is waiting.
 */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(async () => {
      await nextRound();
      return work();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** The same for each key on its own; keys don't wait for each other. */
export function createKeyedTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, settled);
    void settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return turn;
  };
}
