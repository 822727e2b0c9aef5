import { existsSync } from 'node:fs';

import { findConfigPath } from '../../config.ts';
import { CliProblem } from '../cli-problem.ts';
import { loadClientConfig } from '../load-client-config.ts';
import { allBotPermissions } from '../../bots/discord/bot-permissions.ts';
import { createAskDiscord } from './ask-discord.ts';
import { applicationShape } from './discord-shapes.ts';
import { whyNotAsked } from './why-not-asked.ts';

interface InviteOptions {
  configFlag: string | undefined;
  /** The application's id, where it need not be asked for with the token. */
  application: string | undefined;
  env: Record<string, string | undefined>;
}

/** Prints the link that invites the bot to a server, with what it needs there and no more. */
export async function invite({ configFlag, application, env }: InviteOptions): Promise<void> {
  const path = findConfigPath(configFlag, env, process.cwd());
  // The link comes before the rest: there need not be a configuration yet.
  const discord = configFlag !== undefined || existsSync(path) ? loadClientConfig(path, env).discord : undefined;
  const id = application ?? (await askForApplication(env['DISCORD_TOKEN']?.trim(), discord?.restUrl));
  process.stdout.write(`${inviteLink(id, discord?.guild)}\n`);
}

/** `guild` is chosen beforehand on the page that the link opens. */
export function inviteLink(application: string, guild: string | undefined): string {
  const query = new URLSearchParams({
    client_id: application,
    scope: 'bot applications.commands',
    permissions: String(allBotPermissions),
    ...(guild !== undefined && { guild_id: guild }),
  });
  return `https://discord.com/oauth2/authorize?${query.toString()}`;
}

async function askForApplication(token: string | undefined, restUrl = 'https://discord.com/api'): Promise<string> {
  if (!token) {
    throw new CliProblem(
      'DISCORD_TOKEN is not set here. Set it, or give the id of the application: nightdesk discord invite --application <id>',
    );
  }
  const asked = await createAskDiscord({ token, restUrl })('/applications/@me', applicationShape);
  if (asked.kind === 'data') return asked.data.id;
  const { said, toDo } = whyNotAsked(asked, restUrl);
  throw new CliProblem(`${said}. ${toDo}`);
}
