const newToken = 'take the token that Slack shows for this app now, and start nightdesk with it';

const advice: Record<string, string> = {
  invalid_auth: `it is none that Slack knows: ${newToken}`,
  not_authed: newToken,
  token_revoked: `it was revoked, or the app was removed: install it again, and ${newToken}`,
  token_expired: newToken,
  account_inactive: 'the app was removed from the workspace: install it again',
  not_allowed_token_type: 'the two tokens have changed places',
  missing_scope: 'install the app again with the manifest that `nightdesk slack manifest` prints',
  ratelimited: 'Slack asks for a pause: try again in a minute',
};

/** What to do about a refusal of Slack. */
export const slackAdvice = (error: string): string =>
  advice[error] ?? `look it up: https://docs.slack.dev/reference/methods/auth.test`;
