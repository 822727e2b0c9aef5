import { setImmediate as nextRound } from 'node:timers/promises';

export interface Turns {
  /** Has `work` done when its turn has come. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/**
 * Has one thing done after the other, in the order in which they were asked for. Between two of them the event loop takes a
 * round: the store is written synchronously, and what came in must be acknowledged while much waits.
 */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last.then(() => nextRound()).then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    async idle() {
      await last;
    },
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
