import { notSet, type Environment } from './child-env.ts';
import type { Config, DiscordConfig } from './config-value.ts';
import type { Fault } from './fault.ts';
import type { ReadConfig } from './schema.ts';

const tokenVariable = 'DISCORD_TOKEN';

interface ResolvedDiscord {
  discord: DiscordConfig | undefined;
  faults: Fault[];
  warnings: string[];
}

/** Discord with its token, which comes from the environment. Without the section, Discord is off. */
export function resolveDiscord(read: ReadConfig, channels: Config['channels'], env: Environment): ResolvedDiscord {
  if (read.discord === undefined) {
    const named = [...channels.keys()].filter((channel) => channel.startsWith('discord:'));
    const warnings = named.map((channel) => `${channel} is told nothing: there is no \`discord\` in the configuration`);
    return { discord: undefined, faults: [], warnings };
  }
  const token = env[tokenVariable]?.trim();
  if (token) return { discord: { ...read.discord, token }, faults: [], warnings: [] };
  const allowed = 'the token of the bot, from the developer portal; docs/discord.md says where';
  return { discord: undefined, faults: [{ key: ['discord'], said: tokenVariable + notSet, allowed }], warnings: [] };
}
