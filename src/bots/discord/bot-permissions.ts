/** What the bot does in a channel, by Discord's own names for it and with its bit. It needs nothing else. */
export const botPermissions = {
  'View Channel': 1n << 10n,
  'Send Messages': 1n << 11n,
  'Create Public Threads': 1n << 35n,
  'Send Messages in Threads': 1n << 38n,
  'Embed Links': 1n << 14n,
  'Attach Files': 1n << 15n,
  'Add Reactions': 1n << 6n,
  'Read Message History': 1n << 16n,
} as const;

/** All of them, as an invite link carries them. */
export const allBotPermissions = Object.values(botPermissions).reduce<bigint>((sum, bit) => sum | bit, 0n);

/** The names of those that are missing. */
export const missingPermissions = (permissions: bigint): string[] =>
  Object.entries(botPermissions).flatMap(([name, bit]) => (permissions & bit ? [] : [name]));
