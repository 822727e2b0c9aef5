import * as z from 'zod';

/** What the terminal reads of Discord's answers. */

export const applicationShape = z.object({
  id: z.string(),
  name: z.string(),
  /** Of older applications the bot has another id. */
  bot: z.object({ id: z.string() }).optional(),
  interactions_endpoint_url: z.string().nullish(),
});

export const gatewayShape = z.object({
  session_start_limit: z.object({ total: z.int(), remaining: z.int(), reset_after: z.int() }),
});

export const guildShape = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  roles: z.array(z.object({ id: z.string(), permissions: z.string() })),
});

export const memberShape = z.object({ roles: z.array(z.string()) });

export const channelShape = z.object({
  id: z.string(),
  type: z.int(),
  guild_id: z.string().optional(),
  name: z.string().nullish(),
  permission_overwrites: z.array(z.object({ id: z.string(), allow: z.string(), deny: z.string() })).optional(),
});

export const someList = z.array(z.object({ id: z.string() }));
