import { ApplicationCommandType, Routes, type APIApplicationCommand, type REST } from 'discord.js';
import type { Logger } from 'pino';

import type { CommandDefinition } from './define-command.ts';
import { isSameDefinition } from './same-definition.ts';

interface Registration {
  rest: REST;
  application: string;
  /** Only there, and at once; without it in every server that the bot is in. */
  guild: string | undefined;
  command: CommandDefinition;
  log: Logger;
}

/**
 * Has Discord know the command as it is now, and asks for nothing where it does already. Other commands of the application are
 * let be, but for the same one registered for all servers where a `guild` is named: people there would see it twice.
 */
export async function registerCommand({ rest, application, guild, command, log }: Registration): Promise<void> {
  const everywhere = Routes.applicationCommands(application);
  const route = guild === undefined ? everywhere : Routes.applicationGuildCommands(application, guild);
  const found = await findCommand(rest, route, command.name);
  if (found === undefined || !isSameDefinition(command, found, guild === undefined ? 'global' : 'guild')) {
    // Creating one of the same name replaces it.
    await rest.post(route, { body: command });
    log.info({ command: command.name, guild }, 'Registered the command with Discord');
  }
  if (guild === undefined) return;
  const twin = await findCommand(rest, everywhere, command.name);
  if (twin === undefined) return;
  await rest.delete(Routes.applicationCommand(application, twin.id));
  log.info({ command: command.name }, 'Removed the command for all servers, since one server is configured');
}

async function findCommand(rest: REST, route: `/${string}`, name: string): Promise<APIApplicationCommand | undefined> {
  const commands = (await rest.get(route)) as APIApplicationCommand[];
  return commands.find((command) => command.name === name && command.type === ApplicationCommandType.ChatInput);
}
