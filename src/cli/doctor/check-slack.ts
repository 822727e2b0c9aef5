import { appScope, botScopes } from '../../bots/slack/scopes.ts';
import type { Config, SlackConfig } from '../../config/config-value.ts';
import { askSlack, type SlackAnswer } from './ask-slack.ts';
import { checkSlackChannel } from './check-slack-channel.ts';
import { fault, ok, warning, type Finding } from './finding.ts';
import { slackAdvice } from './slack-advice.ts';

const check = 'Slack';

/** Whether the tokens are good, what they allow, and whether each configured channel can be written to. */
export async function checkSlack(config: Config): Promise<Finding[]> {
  const { slack } = config;
  if (slack === undefined) return [];
  const kinds = wrongKinds(slack);
  if (kinds.length > 0) return kinds;
  try {
    const bot = await askSlack(slack.apiUrl, slack.botToken, 'auth.test');
    if (!bot.ok) return [refused('SLACK_BOT_TOKEN', bot)];
    const channels = [...config.channels.keys()].filter((channel) => channel.startsWith('slack:'));
    return [
      ok(check, `the bot is @${String(bot['user'])} in ${String(bot['team'])}`),
      checkScopes(bot),
      ...(await checkConnection(slack)),
      ...(await Promise.all(channels.map((channel) => checkSlackChannel(slack, channel, String(bot['user']))))),
    ];
  } catch (error) {
    const said = `${slack.apiUrl} can't be asked: ${(error as Error).message}`;
    return [
      fault(
        check,
        said,
        'see that this machine reaches Slack, through a proxy maybe, and that `slack.apiUrl` is right',
      ),
    ];
  }
}

/** A token in the other's place is the usual mistake. */
function wrongKinds(slack: SlackConfig): Finding[] {
  const expected = [
    { name: 'SLACK_BOT_TOKEN', token: slack.botToken, kind: 'xoxb-', page: 'OAuth & Permissions' },
    ...(slack.mode === 'socket'
      ? [{ name: 'SLACK_APP_TOKEN', token: slack.appToken, kind: 'xapp-', page: 'Basic Information, App-Level Tokens' }]
      : []),
  ];
  return expected.flatMap(({ name, token, kind, page }) => {
    const given = /^(?:xoxe\.)?(xox[a-z]-|xapp-)/.exec(token)?.[1];
    if (given === kind) return [];
    const said = given === undefined ? `${name} is no token of Slack` : `${name} begins with ${given}`;
    return [fault(check, said, `it begins with ${kind}; Slack shows it under ${page}`)];
  });
}

function checkScopes({ scopes }: SlackAnswer): Finding {
  const name = 'scopes of Slack';
  if (scopes === undefined)
    return warning(name, 'Slack did not say what the token may do', 'compare them with docs/slack.md');
  const missing = Object.entries(botScopes).filter(([scope]) => !scopes.includes(scope));
  if (missing.length === 0) return ok(name, 'all are there');
  const each = missing.map(([scope, use]) => `${scope} (${use})`).join(', ');
  return fault(
    name,
    `missing: ${each}`,
    'paste what `nightdesk slack manifest` prints under App Manifest, save, and install the app again',
  );
}

async function checkConnection(slack: SlackConfig): Promise<Finding[]> {
  const name = 'connection of Slack';
  if (slack.mode === 'http') {
    return [ok(name, `Slack's requests are awaited at ${slack.host}, port ${slack.port}, ${slack.path}`)];
  }
  const answer = await askSlack(slack.apiUrl, slack.appToken, 'apps.connections.open');
  if (answer.ok) return [ok(name, 'Socket Mode can be opened')];
  if (answer.error !== 'missing_scope') return [refused('SLACK_APP_TOKEN', answer, name)];
  return [
    fault(name, `SLACK_APP_TOKEN lacks ${appScope}`, `make another one with ${appScope}, under Basic Information`),
  ];
}

function refused(token: string, { error = 'no reason' }: SlackAnswer, name = check): Finding {
  return fault(name, `Slack refuses ${token}: ${error}`, slackAdvice(error));
}
