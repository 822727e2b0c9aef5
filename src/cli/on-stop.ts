import { constants } from 'node:os';

/**
 * Calls `act` at the first SIGINT or SIGTERM; a second one ends the process at once. The listeners stay: execa would take
 * a process without any for one that the signal ends anyway, and send it once more, whenever git is at work.
 */
export function onStop(act: () => void): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(128 + constants.signals[signal]);
      isStopping = true;
      act();
    });
  }
}
