import { formatDuration } from '../../model/duration.ts';
import type { Config, DiscordConfig } from '../../config/config-value.ts';
import { createAskDiscord, type AskDiscord } from '../discord/ask-discord.ts';
import { applicationShape, gatewayShape, guildShape, someList } from '../discord/discord-shapes.ts';
import { whyNotAsked } from '../discord/why-not-asked.ts';
import { checkDiscordAccess } from './check-discord-access.ts';
import { checkDiscordChannel } from './check-discord-channel.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

const check = 'Discord';
const inviteAgain = 'open the link that `nightdesk discord invite` prints, and choose the server';
/** A crash loop takes this many logins in minutes. */
const fewLogins = 50;

/** The token, the server, the commands there, and what the bot may do in each channel that the configuration names. */
export async function checkDiscord(config: Config): Promise<Finding[]> {
  const { discord } = config;
  if (discord === undefined) return [];
  const ask = createAskDiscord(discord);
  const asked = await ask('/applications/@me', applicationShape);
  if (asked.kind !== 'data') {
    const { said, toDo } = whyNotAsked(asked, discord.restUrl);
    return [fault(check, said, toDo)];
  }
  const application = asked.data;
  const elsewhere = application.interactions_endpoint_url;
  if (elsewhere) {
    return [
      fault(
        check,
        `commands and buttons go to ${elsewhere} and never reach nightdesk`,
        'empty Interactions Endpoint URL in the developer portal (your application, General Information)',
      ),
    ];
  }
  const channels = [...config.channels.keys()].filter((channel) => channel.startsWith('discord:'));
  const [logins, server, ...found] = await Promise.all([
    checkLogins(ask, application.name),
    checkServer(ask, config, discord, application.id),
    ...channels.map((channel) => checkDiscordChannel(ask, channel, application.bot?.id ?? application.id, discord)),
  ]);
  return [logins, ...server, ...found];
}

/** The gateway. Its intents need no check: nightdesk asks for none that has to be switched on. */
async function checkLogins(ask: AskDiscord, name: string): Promise<Finding> {
  const asked = await ask('/gateway/bot', gatewayShape);
  if (asked.kind !== 'data') {
    const { said, toDo } = whyNotAsked(asked, 'the gateway');
    return fault(check, said, toDo);
  }
  const { total, remaining, reset_after: resetAfterMs } = asked.data.session_start_limit;
  const left = `${remaining} of ${total} logins are left`;
  if (remaining > fewLogins) return ok(check, `the token is that of ${name}; ${left}; no privileged intent is needed`);
  return warning(
    check,
    `${left} until the count begins anew in ${formatDuration(Math.max(resetAfterMs, 1000))}`,
    'something logs in again and again with this token: see the log of nightdesk, and that no other program uses it',
  );
}

async function checkServer(
  ask: AskDiscord,
  { access }: Config,
  discord: DiscordConfig,
  application: string,
): Promise<Finding[]> {
  if (discord.guild === undefined) return [await checkAnyServer(ask)];
  const asked = await ask(`/guilds/${discord.guild}`, guildShape);
  if (asked.kind === 'refused' && asked.status !== 429) {
    return [fault(check, `the bot is not in the server ${discord.guild} of \`discord.guild\``, inviteAgain)];
  }
  if (asked.kind !== 'data') {
    const { said, toDo } = whyNotAsked(asked, discord.restUrl);
    return [fault(check, said, toDo)];
  }
  const commands = await ask(`/applications/${application}/guilds/${discord.guild}/commands`, someList);
  // The bot can be in a server without the right to have commands there: an older link invited it.
  if (commands.kind === 'refused' && commands.code === 50_001) {
    return [fault(check, `the bot may not register commands in ${asked.data.name}`, inviteAgain)];
  }
  return [
    ok(check, `it is in ${asked.data.name}, where its commands are registered`),
    ...checkDiscordAccess(access, asked.data.roles),
  ];
}

async function checkAnyServer(ask: AskDiscord): Promise<Finding> {
  const asked = await ask('/users/@me/guilds', someList);
  if (asked.kind !== 'data') {
    const { said, toDo } = whyNotAsked(asked, 'the list of servers');
    return fault(check, said, toDo);
  }
  const { length } = asked.data;
  if (length === 0) return fault(check, 'the bot is in no server', inviteAgain);
  return ok(check, `it is in ${length === 1 ? '1 server' : `${length} servers`}; its commands are in all of them`);
}
