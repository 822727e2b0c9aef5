import * as z from 'zod';

import type { Environment } from './child-env.ts';
import { notSet } from './child-env.ts';
import type { SlackConfig } from './config-value.ts';
import type { Fault } from './fault.ts';
import { listenHost, listenPort } from './values.ts';

/** How Slack reaches nightdesk: `socket` needs no public address. */
const slackModes = ['socket', 'http'] as const;

const apiUrl = z
  .string()
  .transform((text, context) => {
    const url = URL.parse(text);
    // The SDK puts the method's name right behind it.
    if (url !== null && /^https?:$/.test(url.protocol)) return url.href.endsWith('/') ? url.href : `${url.href}/`;
    context.addIssue({ code: 'custom', message: 'is no address' });
    return z.NEVER;
  })
  .describe('an http:// or https:// address, such as https://slack.com/api/');

export const slackShape = {
  mode: z.enum(slackModes).describe(slackModes.join(', ')).default('socket'),
  apiUrl: apiUrl.prefault('https://slack.com/api/'),
  host: listenHost.default('127.0.0.1'),
  port: listenPort.default(7434),
  path: z
    .string()
    .regex(/^\/[\w./-]*$/)
    .describe('a path, such as /slack/events')
    .default('/slack/events'),
};

interface Read {
  mode: (typeof slackModes)[number];
  apiUrl: string;
  host: string;
  port: number;
  path: string;
}

/** Joins the section with the tokens of the environment. Each that is missing is a fault. */
export function resolveSlack(read: Read, env: Environment): { slack: SlackConfig; faults: Fault[] } {
  const faults: Fault[] = [];
  const take = (name: string): string => {
    const value = env[name];
    if (value) return value;
    faults.push({
      key: ['slack'],
      said: name + notSet,
      allowed: 'a variable that is set there; docs/slack.md says where Slack shows it',
    });
    return '';
  };
  const botToken = take('SLACK_BOT_TOKEN');
  const { mode, apiUrl, ...listener } = read;
  const slack: SlackConfig =
    mode === 'socket'
      ? { mode, apiUrl, botToken, appToken: take('SLACK_APP_TOKEN') }
      : { mode, apiUrl, botToken, signingSecret: take('SLACK_SIGNING_SECRET'), ...listener };
  return { slack, faults };
}
