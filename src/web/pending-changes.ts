/** A message that changed, to be sent to those who watch. */
export interface FeedEntry {
  sequence: number;
  message: number;
  kind: 'added' | 'edited' | 'reactions';
}

export interface PendingChanges {
  add(entry: FeedEntry): void;
  /** The next to send; `lost` in place of more than could be kept; undefined where nothing waits. */
  take(): FeedEntry | 'lost' | undefined;
}

/** What one watcher still has to get: of each message the newest change alone, and of at most `max` messages. */
export function createPendingChanges(max: number): PendingChanges {
  const entries = new Map<number, FeedEntry>();
  let isLost = false;
  return {
    add(entry) {
      const before = entries.get(entry.message);
      entries.delete(entry.message);
      entries.set(entry.message, before?.kind === 'added' ? { ...entry, kind: 'added' } : entry);
      if (entries.size <= max) return;
      entries.clear();
      isLost = true;
    },
    take() {
      if (isLost) {
        isLost = false;
        return 'lost';
      }
      const [first] = entries.values();
      if (first !== undefined) entries.delete(first.message);
      return first;
    },
  };
}
