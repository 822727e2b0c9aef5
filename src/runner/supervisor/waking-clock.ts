/**
 * Milliseconds in which this process could work, each step between two looks no longer than `longestStepMs`. What Node counts
 * goes on while a Mac sleeps, and while a container is paused: that is no silence of the command, and no time of its own.
 */
export function createWakingClock(longestStepMs: number, now = (): number => performance.now()): () => number {
  let lookedMs = now();
  let awakeMs = 0;
  return () => {
    const atMs = now();
    awakeMs += Math.min(atMs - lookedMs, longestStepMs);
    lookedMs = atMs;
    return awakeMs;
  };
}
