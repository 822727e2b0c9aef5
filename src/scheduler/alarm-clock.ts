/**
 * The bell. An alarm says only that something falls due; the handler asks the tables what. Alarms are written by
 * `change()` (src/db/change.ts); the clock rings them.
 */
export interface AlarmClock {
  /**
   * Deletes all alarms, writes one for each of `dueAt` and starts to ring. `onRing` is called for each alarm, never
   * overlapping with itself; it takes milliseconds.
   */
  start(dueAt: Date[], onRing: () => void): Promise<void>;
  /** Tells the clock, after the commit, that alarms were written. */
  alarmsWritten(ids: string[]): void;
  /** Stops ringing; resolves when no handler is under way. */
  stop(): Promise<void>;
}
