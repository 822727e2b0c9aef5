import { App, LogLevel, type Logger, webApi } from '@slack/bolt';

import type { SlackServer } from './start-slack-server.ts';

/** Tests look at what was stored, not at logs. */
const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** The SDK's client for calls of a test's own: it never tries again. */
export function createClient(slack: SlackServer, token = slack.botToken): webApi.WebClient {
  return new webApi.WebClient(token, {
    slackApiUrl: slack.apiUrl,
    logger: silent,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

/** A real Bolt app over Socket Mode, for tests of the server itself. */
export function createBoltApp(slack: SlackServer): App {
  return new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logger: silent,
  });
}

/** The code of Slack's refusal. Throws where there was none. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data?: { error?: string } };
    if (data?.error !== undefined) return data.error;
    throw error;
  }
  throw new Error('Slack took it.');
}
