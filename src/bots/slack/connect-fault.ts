import { webApi } from '@slack/bolt';

export interface ConnectFault {
  /** What is wrong and what to do, for the log. */
  message: string;
  /** How long the next try has to wait; undefined for the usual back-off. */
  retryAfterMs?: number;
}

/** A person has to do something first; the next try is only for the case that it was done. */
const mendingMs = 5 * 60_000;

const refusals: Record<string, string> = {
  invalid_auth: 'the token is not known',
  not_authed: 'no token was given',
  token_revoked: 'the token was revoked',
  token_expired: 'the token has expired',
  account_inactive: 'the app was removed from the workspace, or the workspace is gone',
  not_allowed_token_type:
    'the token is of the wrong kind: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-',
  missing_scope: 'the token has not the scope for it: SLACK_APP_TOKEN needs connections:write',
  team_access_not_granted: 'the app has no access to the workspace',
  user_removed_from_team: 'the app was removed from the workspace',
  team_disabled: 'the workspace is disabled',
};

/** Why Slack could not be reached. */
export function explainConnectFault(error: unknown): ConnectFault {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { message: 'Slack asks for a pause.', retryAfterMs: error.retryAfter * 1_000 };
  }
  const code = error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
  const refusal = code !== undefined && Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  if (refusal !== undefined) {
    return {
      message: `Slack refuses the app: ${refusal} (${code}). Make a new token in the app’s settings and restart nightdesk; \`nightdesk doctor\` checks it.`,
      retryAfterMs: mendingMs,
    };
  }
  const reason = error instanceof Error ? error.message : 'the connection ended before Slack said hello';
  return { message: `Slack can't be reached: ${reason}. It is tried again.` };
}
