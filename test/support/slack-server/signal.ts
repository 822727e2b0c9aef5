export interface Signal {
  /** Something has changed: those who wait look again. */
  touch(): void;
  /** Resolves to the first value that `look` finds. Rejects after `ms`, naming what was waited for. */
  until<T>(what: string, look: () => T | undefined | false, ms?: number): Promise<T>;
  /** Ends every wait. */
  close(): void;
}

/** What Slack itself does not see change, as the store of a desk, is looked at so often. */
const lookEveryMs = 25;

/** Waiting for a state. */
export function createSignal(): Signal {
  const waiting = new Set<() => void>();
  const closers = new Set<(reason: Error) => void>();
  return {
    touch: () => [...waiting].forEach((look) => look()),
    until: (what, look, ms = 10_000) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          clearInterval(looking);
          waiting.delete(check);
          closers.delete(fail);
        };
        const fail = (reason: Error): void => {
          end();
          reject(reason);
        };
        const check = (): void => {
          try {
            const found = look();
            if (found === undefined || found === false) return;
            end();
            resolve(found);
          } catch (error) {
            fail(error as Error);
          }
        };
        const timer = setTimeout(() => fail(new Error(`Slack waited ${ms} ms in vain for ${what}.`)), ms);
        const looking = setInterval(check, lookEveryMs);
        waiting.add(check);
        closers.add(fail);
        check();
      }),
    close: () => [...closers].forEach((fail) => fail(new Error('The Slack server was closed.'))),
  };
}
