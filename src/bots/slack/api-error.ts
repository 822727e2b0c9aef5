import { ChatBusy, ChatRefusal, ChatUnreachable } from '../chat-refusal.ts';

/** Where Slack says only "limited", without how long. */
const usualPauseMs = 5_000;

const refusals: readonly string[] = [
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'cant_broadcast_message',
  'edit_window_closed',
  'is_inactive',
];

const layouts: readonly string[] = [
  'msg_blocks_too_long',
  'msg_too_long',
  'invalid_blocks',
  'invalid_blocks_format',
  'no_text',
];

/** What Slack called the error, such as `not_in_channel`; undefined for one that is not from its answer. */
export function slackErrorName(error: unknown): string | undefined {
  const data = (error as { data?: { error?: unknown } } | null)?.data;
  return typeof data?.error === 'string' ? data.error : undefined;
}

/** Slack takes the message, but not in this form. */
export const isLayoutError = (error: unknown): boolean => layouts.includes(slackErrorName(error) ?? '');

/**
 * An error of the Web API as the port's: what `channel` needs a person for, what no further try brings through, what has to
 * wait. Everything else (the network, a time limit, a fault of Slack's) stays as it is: the call may have come through.
 */
export function toChatError(error: unknown, channel: string): unknown {
  const { code, retryAfter } = error as { code?: unknown; retryAfter?: unknown };
  if (code === 'slack_webapi_rate_limited_error') {
    const seconds = typeof retryAfter === 'number' && retryAfter > 0 ? retryAfter : usualPauseMs / 1_000;
    return new ChatBusy(`Slack asks to wait ${seconds} s for ${channel}`, seconds * 1_000);
  }
  const name = slackErrorName(error);
  if (name === undefined) return error;
  if (name === 'ratelimited' || name === 'rate_limited' || name === 'message_limit_exceeded') {
    return new ChatBusy(`Slack limits what is sent to ${channel} (${name})`, retryAfterOf(error) ?? usualPauseMs);
  }
  if (refusals.includes(name)) return new ChatRefusal(`Slack: ${name} in ${channel}`);
  const advice = adviceFor(name, channel, error);
  return advice === undefined ? error : new ChatUnreachable(`${advice} (Slack: ${name})`);
}

function adviceFor(name: string, channel: string, error: unknown): string | undefined {
  switch (name) {
    case 'not_in_channel':
      return `The app is not in the Slack channel ${channel}: type \`/invite\` with the app's name there`;
    case 'channel_not_found':
      return `Slack shows the app no channel ${channel}: where it is private, type \`/invite\` with the app's name there; else its id is wrong`;
    case 'is_archived':
      return `The Slack channel ${channel} is archived: unarchive it`;
    case 'token_revoked':
    case 'token_expired':
    case 'account_inactive':
    case 'invalid_auth':
    case 'not_authed':
      return 'Slack does not take the bot token any more: install the app again and give nightdesk the new `SLACK_BOT_TOKEN`';
    case 'missing_scope':
      return `The Slack app lacks the scope \`${neededScope(error)}\`: add it to the app and install it again`;
    case 'restricted_action':
    case 'restricted_action_read_only_channel':
    case 'restricted_action_thread_only_channel':
    case 'restricted_action_thread_locked':
    case 'restricted_action_non_threadable_channel':
    case 'posting_to_general_channel_denied':
    case 'as_user_not_supported':
    case 'no_permission':
    case 'access_denied':
    case 'ekm_access_denied':
    case 'team_access_not_granted':
    case 'org_login_required':
    case 'not_allowed_token_type':
      return `The workspace does not let the app post in ${channel}: its settings have to allow it`;
    case 'user_not_found':
    case 'user_not_visible':
    case 'user_disabled':
    case 'users_not_found':
    case 'cannot_dm_bot':
    case 'messages_tab_disabled':
      return `Slack has no direct messages with ${channel} for the app: the person left, or the app's Messages Tab is off`;
    default:
      return undefined;
  }
}

function neededScope(error: unknown): string {
  const { needed } = (error as { data: { needed?: unknown } }).data;
  return typeof needed === 'string' ? needed : 'that the log names';
}

function retryAfterOf(error: unknown): number | undefined {
  const seconds = (error as { data?: { response_metadata?: { retryAfter?: unknown } } }).data?.response_metadata
    ?.retryAfter;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : undefined;
}
