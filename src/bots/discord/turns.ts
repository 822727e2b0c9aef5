import { setImmediate as breathe } from 'node:timers/promises';

/**
 * Hands one thing after the other to the desk. The desk reads and writes without giving the event loop up, for as long as the
 * store makes it wait: between two of them everything that came in is acknowledged.
 */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take<T>(act: () => Promise<T>): Promise<T> {
      const turn = last.then(() => breathe()).then(act);
      last = turn.catch(() => undefined);
      return turn;
    },
    /** Resolves when nothing is under way. */
    idle: async (): Promise<void> => {
      await last;
    },
  };
}

export type Turns = ReturnType<typeof createTurns>;
