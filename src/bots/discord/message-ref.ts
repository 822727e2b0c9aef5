/** Where a message is. A thread that was made from a message has that message's id as its own. */
export interface MessagePlace {
  channel: string;
  message: string;
}

/** The opaque reference of a message that the port hands around: `<channel id>/<message id>`. */
export const messageRef = ({ channel, message }: MessagePlace): string => `${channel}/${message}`;

/** Reads such a reference; undefined for what is none. */
export function parseMessageRef(ref: string): MessagePlace | undefined {
  const [, channel, message] = /^(\d{1,20})\/(\d{1,20})$/.exec(ref) ?? [];
  return channel === undefined || message === undefined ? undefined : { channel, message };
}

// Discord counts its ids' milliseconds from the first second of 2015, above 22 bits of its own.
const epochMs = 1_420_070_400_000n;

/** The id below which everything was made before `at`: `after` and `before` of lists take it. */
export const idAt = (at: Date): string => {
  const since = BigInt(at.getTime()) - epochMs;
  return String((since > 0n ? since : 0n) << 22n);
};
