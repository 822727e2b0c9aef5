import type { SlackConfig } from '../../config/config-value.ts';
import { askSlack } from './ask-slack.ts';
import { fault, ok, type Finding } from './finding.ts';
import { slackAdvice } from './slack-advice.ts';

/** Whether the bot can write to a channel that the configuration names: `slack:C012`, or a person as `slack:@U012`. */
export async function checkSlackChannel(slack: SlackConfig, channel: string, bot: string): Promise<Finding> {
  const id = channel.slice('slack:'.length);
  return id.startsWith('@') ? await checkPerson(slack, channel, id.slice(1)) : await checkRoom(slack, channel, id, bot);
}

async function checkRoom(slack: SlackConfig, channel: string, id: string, bot: string): Promise<Finding> {
  const check = `channel ${channel}`;
  const answer = await askSlack(slack.apiUrl, slack.botToken, 'conversations.info', { channel: id });
  if (answer.error === 'channel_not_found') {
    return fault(
      check,
      'there is none, or it is private and the bot is not in it',
      `copy the id from the end of the channel's details; in a private one: /invite @${bot}`,
    );
  }
  if (!answer.ok) return refusal(check, answer);
  const { name, is_member, is_archived } = answer['channel'] as {
    name?: string;
    is_member?: boolean;
    is_archived?: boolean;
  };
  if (is_archived === true) return fault(check, `#${name} is archived`, 'unarchive it, or name another one');
  if (is_member !== true) return fault(check, `the bot is not in #${name}`, `write there: /invite @${bot}`);
  return ok(check, `the bot is in #${name}`);
}

async function checkPerson(slack: SlackConfig, channel: string, user: string): Promise<Finding> {
  const check = `direct messages ${channel}`;
  const answer = await askSlack(slack.apiUrl, slack.botToken, 'users.info', { user });
  if (answer.error === 'user_not_found')
    return fault(check, 'there is no such person', 'copy the member ID from their profile');
  if (!answer.ok) return refusal(check, answer);
  const { name, deleted } = answer['user'] as { name?: string; deleted?: boolean };
  return deleted === true
    ? fault(check, `${name} has left the workspace`, 'name somebody else')
    : ok(check, `they go to ${name}`);
}

function refusal(check: string, { error = 'no reason', needed }: { error?: string; needed?: string }): Finding {
  const what = needed === undefined ? error : `${error}, ${needed}`;
  return fault(check, `Slack refuses to tell of it: ${what}`, slackAdvice(error));
}
