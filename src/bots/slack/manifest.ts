import { UserError } from '../../model/user-error.ts';
import { botScopes } from './scopes.ts';

export interface ManifestOptions {
  /** `/claude` */
  commandName: string;
  /** Where Slack's requests arrive; without it Socket Mode. */
  url?: string | undefined;
}

/** Slack takes no longer command, its slash included: https://docs.slack.dev/reference/app-manifest */
const maxCommandLength = 32;

/**
 * What Slack makes the app of: its command, rights, events and buttons. Throws a `UserError` for what Slack would not take.
 */
export function createManifest({ commandName, url }: ManifestOptions): object {
  if (commandName.length > maxCommandLength) {
    throw new UserError(
      `Slack takes commands of up to ${maxCommandLength} characters; \`${commandName}\` has ${commandName.length}. Change \`commandName\`.`,
    );
  }
  const requests = url === undefined ? {} : { request_url: readUrl(url) };
  return {
    display_information: {
      name: 'nightdesk',
      description: 'Runs Claude Code on a schedule and tells the result in the channel.',
      background_color: '#1f2937',
    },
    features: {
      bot_user: { display_name: 'nightdesk', always_online: true },
      // For the owner of a job, where its channel can't be reached. Nothing is to be written there.
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      slash_commands: [
        {
          command: commandName,
          description: 'Schedule Claude Code, and see what it did',
          usage_hint: 'schedule | list | show | log | help',
          // People and channels arrive as their ids, whatever they are called.
          should_escape: true,
          ...(url !== undefined && { url: requests.request_url }),
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(botScopes) } },
    settings: {
      event_subscriptions: { ...requests, bot_events: ['app_mention', 'reaction_added', 'reaction_removed'] },
      interactivity: { is_enabled: true, ...requests },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && url.protocol === 'https:') return url.href;
  throw new UserError(
    `I can't read \`--url ${text}\`. It is the https:// address at which Slack reaches nightdesk: https://desk.example.org/slack/events.`,
  );
}
