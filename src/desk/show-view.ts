import type { Change } from '../db/store.ts';
import type { Message } from '../model/message.ts';

/** Writes what a message that is edited in place is to show, and has the bell rung if it must wait for its next edit. */
export function showView(change: Change, view: { key: string; channel: string; body: Message }, now: Date): void {
  const tryAt = change.outbox.show(view, now);
  if (tryAt > now) change.alarm(tryAt);
}
