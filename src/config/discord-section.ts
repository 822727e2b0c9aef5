import * as z from 'zod';

/** The id of a server: a number too long for YAML, hence a text. */
export const discordGuild = z
  .string()
  .regex(/^\d{1,20}$/)
  .describe('the id of a server, in quotes: "123456789012345678"');

/** Where the REST API is, without its version. The gateway's address comes from there. */
export const discordRestUrl = z
  .string()
  .transform((text, context) => {
    const url = URL.parse(text);
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
    if (isPlain) return url.href.replace(/\/+$/, '').replace(/\/v\d+$/, '');
    context.addIssue({ code: 'custom', message: 'is no address of an API' });
    return z.NEVER;
  })
  .describe('http:// or https:// with the path before the version, such as https://discord.com/api');
