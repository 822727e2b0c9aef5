import { InvalidArgumentError, type Command } from 'commander';

import { configOption, type ConfigOption } from './config-option.ts';

/** What concerns Discord alone. */
export function addDiscordCommands(program: Command, env: Record<string, string | undefined>): void {
  const discord = program.command('discord').description("what concerns Discord alone: the bot's invite link");
  discord
    .command('invite')
    .description('print the link that invites the bot to a server, with the permissions that it needs')
    .option('--application <id>', "the application's id; else it is asked for with DISCORD_TOKEN", readId)
    .addOption(configOption())
    .action(async (options: ConfigOption & { application?: string }) => {
      const { invite } = await import('./discord/invite.ts');
      await invite({ configFlag: options.config, application: options.application, env });
    });
}

function readId(text: string): string {
  if (/^\d{1,20}$/.test(text)) return text;
  throw new InvalidArgumentError('an id is a number, as the developer portal shows it under General Information.');
}
