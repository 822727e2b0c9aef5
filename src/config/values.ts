import * as z from 'zod';

import { parseCheck } from '../model/check.ts';
import { parseDiskAmount } from '../model/disk.ts';
import { formatDuration, parseDurationMs } from '../model/duration.ts';
import { didYouMean } from './did-you-mean.ts';

export const filled = z.string().trim().min(1).describe('a text');

/** A NUL ends a path early for the system, and Node refuses it. */
export const folder = filled
  .refine((text) => !text.includes('\0'), { error: 'has a NUL in it' })
  .describe('a folder: absolute, from ~, or relative to this file');

/** A duration in people's words, as milliseconds. The limits are durations too. */
export function durationMs(least: string, most: string) {
  const leastMs = parseDurationMs(least) ?? 0;
  const mostMs = parseDurationMs(most) ?? Infinity;
  return z
    .string()
    .transform((text, context) => {
      const ms = parseDurationMs(text);
      if (ms !== undefined && ms >= leastMs && ms <= mostMs) return ms;
      const error = ms === undefined ? 'is no duration' : `is ${formatDuration(ms)}`;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .describe(`a duration with its unit, from ${least} to ${most}: 2h, 90m, 1h30m`);
}

/** How long something is kept, as milliseconds; `null`: for ever. `least` is a duration. */
export function keptMs(least: string) {
  const leastMs = parseDurationMs(least) ?? 0;
  return z
    .string()
    .transform((text, context) => {
      if (text.trim() === 'never') return null;
      const ms = parseDurationMs(text);
      if (ms !== undefined && ms >= leastMs) return ms;
      const error = ms === undefined ? 'is no duration' : `is ${formatDuration(ms)}`;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .describe(`a duration with its unit, at least ${least}, such as 30 days, or never`);
}

/** A part of the disk. */
export const diskAmount = z
  .string()
  .transform((text, context) => {
    const amount = parseDiskAmount(text);
    if (amount !== undefined) return amount;
    context.addIssue({ code: 'custom', message: 'is no size' });
    return z.NEVER;
  })
  .describe('a size such as 500 MB or 1.5 GB, or a share of the disk such as 2%');

/** `5`, `2.50`, `$5`, as US dollars. */
export const budgetUsd = z
  .union([
    z.number().positive(),
    z
      .string()
      .regex(/^\$\s?\d+(?:\.\d+)?$/)
      .transform((text) => Number(text.slice(1))),
  ])
  .refine((usd) => usd > 0)
  .describe('US dollars, more than 0: 5, 2.50, $5');

/** An IANA time zone in its own spelling. */
export const zone = z
  .string()
  .transform((text, context) => {
    const known = Intl.supportedValuesOf('timeZone');
    const same = known.find((zone) => zone.toLowerCase() === text.toLowerCase());
    if (same) return same;
    if (isZone(text)) return text;
    context.addIssue({ code: 'custom', message: `is no time zone${didYouMean(text, known)}` });
    return z.NEVER;
  })
  .describe('an IANA time zone, such as Europe/Berlin or UTC');

/** Old names such as `Asia/Kolkata`'s are missing in the list of known zones; offsets are no zones. */
function isZone(text: string): boolean {
  if (!/^[a-z]/i.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A git branch by the rules of git-check-ref-format, which also keep it from being read as an option. */
export const branch = z
  .string()
  .regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\.lock$|[/.]$))[^\s~^:?*[\\]+$/)
  .describe('a branch, such as main');

export const relativePath = z
  .string()
  .transform((text, context) => {
    const parts = text.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.length > 0 && !/^[/~]/.test(text) && !parts.includes('..') && parts[0] !== '.git') return parts.join('/');
    context.addIssue({ code: 'custom', message: 'lies outside of the project' });
    return z.NEVER;
  })
  .describe('a file inside the project, relative to it, such as .env');

export const checkText = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !/^\$(?!\s+\S)/.test(text), { error: 'is no command: a space and the command follow the $' })
  .transform(parseCheck)
  .describe('a command such as "$ npm test", or a sentence to be judged, in quotes');

/** Where people reach the page: scheme, host and port, without a path. */
export const webOrigin = z
  .string()
  .transform((text, context) => {
    const url = URL.parse(text);
    const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
    if (isOrigin) return url.origin;
    context.addIssue({ code: 'custom', message: 'is no address of a page without a path' });
    return z.NEVER;
  })
  .describe('http:// or https:// with a host and nothing behind it, such as https://desk.example.org');

/** Where something of nightdesk listens. */
export const listenHost = z
  .string()
  .regex(/^[a-zA-Z0-9.:-]+$/)
  .describe('an address or a host name, such as 127.0.0.1');
export const listenPort = z.int().min(0).max(65_535).describe('a whole number from 0 to 65535; 0 takes any free port');
