/** Whether so many milliseconds have gone by since then. A clock that was set back is no reason to wait for longer. */
export function hasPassed(ms: number, since: Date, now: Date): boolean {
  const sinceMs = now.getTime() - since.getTime();
  return sinceMs < 0 || sinceMs >= ms;
}
