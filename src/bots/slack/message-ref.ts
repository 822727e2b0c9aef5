import { ChatRefusal } from '../chat-refusal.ts';

export interface SlackPlace {
  /** Slack's own id of the channel or of the direct messages: `C012`, `D012`. */
  channel: string;
  /** A message's time there, which is its id: `1700000000.000100`. */
  ts: string;
}

/** A message's reference for the desk: `C012:1700000000.000100`. */
export const messageRef = (channel: string, ts: string): string => `${channel}:${ts}`;

/** Reads what `messageRef` wrote. */
export function parseMessageRef(ref: string): SlackPlace {
  const { channel, ts } = /^(?<channel>[A-Z0-9]+):(?<ts>\d+\.\d+)$/.exec(ref)?.groups ?? {};
  if (channel === undefined || ts === undefined) throw new ChatRefusal(`Slack has no message ${JSON.stringify(ref)}`);
  return { channel, ts };
}
