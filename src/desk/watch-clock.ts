import { toleranceMs } from './notice-clock.ts';

export interface WatchClockDependencies {
  now: () => Date;
  /** Called when the clock shows a time before one that it has shown; has the bell rung. */
  onSetBack: () => void;
  onFault: (error: unknown, where: string) => void;
}

const lookMs = 30_000;

/**
 * Sees a clock that is set back. No alarm can: all of them wait for a time that it showed already. A clock that is set forward rings
 * what it jumped over.
 */
export function createWatchClock({ now, onSetBack, onFault }: WatchClockDependencies) {
  let timer: NodeJS.Timeout | undefined;
  let latestMs = 0;
  function look(): void {
    const atMs = now().getTime();
    if (atMs >= latestMs - toleranceMs) {
      latestMs = Math.max(latestMs, atMs);
      return;
    }
    try {
      onSetBack();
      latestMs = atMs;
    } catch (error) {
      // A store that takes no alarm now is asked again at the next look.
      onFault(error, 'looking at a clock that was set back');
    }
  }
  return {
    start(): void {
      look();
      timer = setInterval(look, lookMs);
      timer.unref();
    },
    stop: (): void => clearInterval(timer),
  };
}
