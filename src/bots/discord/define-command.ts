import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommandSubcommandOption,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';

import { cut } from '../../model/grammar/mistake.ts';
import { descriptions, subcommands } from '../../model/grammar/subcommands.ts';
import { commandOptions, maxDescription } from './command-options.ts';

export type CommandDefinition = RESTPostAPIChatInputApplicationCommandsJSONBody;

/**
 * The slash command with a subcommand for each command of the grammar. `commandName` is `/claude`. It is for servers alone: in
 * direct messages nobody has a role.
 */
export function defineCommand(commandName: string): CommandDefinition {
  return {
    type: ApplicationCommandType.ChatInput,
    name: commandName.replace(/^\//, ''),
    description: 'Gives Claude Code a goal while nobody watches, and tells the result here.',
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    options: subcommands.map((name): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name,
      description: cut(descriptions[name].summary, maxDescription),
      options: [...commandOptions[name]],
    })),
  };
}
