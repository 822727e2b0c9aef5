import * as z from 'zod';

import { notSet, type Environment } from './child-env.ts';
import type { DiscordConfig } from './config-value.ts';
import type { Fault } from './fault.ts';

const restUrl = z
  .string()
  .transform((text, context) => {
    const url = URL.parse(text);
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
    if (isPlain) return url.href.replace(/\/+$/, '').replace(/\/v\d+$/, '');
    context.addIssue({ code: 'custom', message: 'is no address of an API' });
    return z.NEVER;
  })
  .describe('http:// or https:// with the path before the version, such as https://discord.com/api');

export const discordShape = {
  /** A number too long for YAML, hence a text. */
  guild: z
    .string()
    .regex(/^\d{1,20}$/)
    .describe('the id of a server, in quotes: "123456789012345678"')
    .optional(),
  restUrl: restUrl.prefault('https://discord.com/api'),
};

type Read = Omit<DiscordConfig, 'token'>;

/** Joins the section with the token of the environment. A missing one is a fault. */
export function resolveDiscord(read: Read, env: Environment): { discord: DiscordConfig; faults: Fault[] } {
  const token = env['DISCORD_TOKEN']?.trim() ?? '';
  const missing: Fault = {
    key: ['discord'],
    said: `DISCORD_TOKEN${notSet}`,
    allowed: 'the token of the bot, from the developer portal; docs/discord.md says where',
  };
  return { discord: { ...read, token }, faults: token === '' ? [missing] : [] };
}
