import { webApi } from '@slack/bolt';

export interface WebClientOptions {
  token: string;
  /** Where the Web API is: Slack's, or a proxy's. */
  apiUrl?: string | undefined;
  logger?: webApi.Logger | undefined;
}

/** Longer than Slack ever takes, shorter than what anybody waits for. */
const timeoutMs = 20_000;

/**
 * The Web API without what its client would do by itself: it never sends anything twice, since posting is not idempotent, and a
 * limit on one channel does not pause the queue that all channels share.
 */
export function createWebClient({ token, apiUrl, logger }: WebClientOptions): webApi.WebClient {
  return new webApi.WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    ...(logger === undefined ? {} : { logger }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
  });
}
