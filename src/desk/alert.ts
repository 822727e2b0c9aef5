import type { Change } from '../db/store.ts';
import type { Message } from '../model/message.ts';

export interface AlertPlace {
  /** Undefined where the configuration names none: then it is told once there is one. */
  channel: string | undefined;
  /** How long the fault must last before it is told. */
  afterMs?: number;
  now: Date;
}

/**
 * Tells a fault of the host, once while it lasts, however often it is said. Returns whether it is new. `key` names what is at
 * fault; `endAlert` ends it.
 */
export function alert(
  change: Change,
  key: string,
  message: Message,
  { channel, afterMs = 0, now }: AlertPlace,
): boolean {
  const known = change.alerts.find(key);
  const { id, since, channel: told } = known ?? change.alerts.insert(key, now);
  if (told === null && channel !== undefined && now.getTime() - since.getTime() >= afterMs) {
    change.alerts.told(id, channel);
    change.outbox.post({ key: `alert:${id}:begin`, channel, body: message }, now);
  }
  return known === undefined;
}

/** Ends a fault. Where it was told, so is that it is over. Returns whether there was one. */
export function endAlert(change: Change, key: string, message: Message, now: Date): boolean {
  const known = change.alerts.find(key);
  if (known === undefined) return false;
  change.alerts.end(known.id, now);
  const { id, channel } = known;
  if (channel !== null) change.outbox.post({ key: `alert:${id}:end`, channel, body: message }, now);
  return true;
}
