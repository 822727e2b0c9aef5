export interface KeepTryingOptions<T> {
  take: (thing: T) => void;
  /** For the log: what it is that fails. */
  what: string;
  onFault: (error: unknown, where: string, thing: T) => void;
  /** The first pause; each further one is twice as long, up to a minute. */
  pauseMs?: number;
}

export interface KeepTrying<T> {
  hand(thing: T): void;
  stop(): void;
}

const maxPauseMs = 60_000;

/**
 * Takes each thing it is handed, and tries again where that fails: the store can be locked or the disk full for a moment. For what
 * nothing else would bring up again before the next start.
 */
export function createKeepTrying<T>({ take, what, onFault, pauseMs = 1_000 }: KeepTryingOptions<T>): KeepTrying<T> {
  const timers = new Set<NodeJS.Timeout>();
  function attempt(thing: T, nextPauseMs: number): void {
    try {
      take(thing);
    } catch (error) {
      onFault(error, `${what}; it is tried again`, thing);
      const timer = setTimeout(() => {
        timers.delete(timer);
        attempt(thing, Math.min(maxPauseMs, nextPauseMs * 2));
      }, nextPauseMs);
      timers.add(timer);
    }
  }
  return {
    hand: (thing) => attempt(thing, pauseMs),
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
