import { UserError } from '../../model/user-error.ts';

const prefix = 'web:';

/**
 * Reads a channel's reference, `web:general`, or its name alone, `general`; returns the reference. Throws a `UserError` for
 * what can be no channel's name.
 */
export function parseWebChannel(text: string): string {
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (/^[^\s:*\p{C}]{1,80}$/u.test(name)) return prefix + name;
  throw new UserError(
    `${JSON.stringify(text.slice(0, 100))} can't be a channel. A channel has one word of up to 80 characters without : and *, such as general.`,
  );
}

/** `web:general` → `general`. */
export const webChannelName = (channel: string): string => channel.slice(prefix.length);

/** The web chat's own of `channels`, which name other platforms' too; `web:general` where there are none. */
export function webChannelsOf(channels: string[]): string[] {
  const own = channels.filter((channel) => channel.startsWith(prefix));
  return own.length === 0 ? ['web:general'] : own;
}
