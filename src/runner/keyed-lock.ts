/**
 * Runs functions of the same key one after the other, in the order of their calls. `signal` ends the waiting alone, with its
 * reason: a function that has begun is waited for.
 */
export type KeyedLock = <T>(key: string, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, work, signal) => {
    signal?.throwIfAborted();
    const before = tails.get(key) ?? Promise.resolve();
    const givenUp = Promise.withResolvers<never>();
    const giveUp = (): void => givenUp.reject(signal?.reason);
    const begin = () => {
      signal?.removeEventListener('abort', giveUp);
      signal?.throwIfAborted();
      return work();
    };
    const mine = before.then(begin, begin);
    tails.set(key, mine);
    const leave = (): void => void (tails.get(key) === mine && tails.delete(key));
    mine.then(leave, leave);
    signal?.addEventListener('abort', giveUp, { once: true });
    return await Promise.race([mine, givenUp.promise]);
  };
}
