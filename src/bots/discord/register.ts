import { ApplicationCommandType, DiscordAPIError, Routes, type APIApplicationCommand, type REST } from 'discord.js';
import type { Logger } from 'pino';

import type { CommandDefinition } from './define-command.ts';
import { isSameDefinition } from './same-definition.ts';

interface Registration {
  rest: REST;
  application: string;
  /** Only there, and at once; without it in every server that the bot is in. */
  guild: string | undefined;
  /** The servers that the bot is in. */
  guilds: readonly string[];
  command: CommandDefinition;
  log: Logger;
}

type Place = `/${string}`;

/**
 * Has Discord know the command as it is now, and asks for nothing where it does already. Then takes away what nightdesk registered
 * under another name or in another place before the configuration changed. Other commands of the application are let be.
 */
export async function registerCommand({ rest, application, guild, guilds, command, log }: Registration): Promise<void> {
  const everywhere = Routes.applicationCommands(application);
  const inGuild = (id: string): Place => Routes.applicationGuildCommands(application, id);
  const place = guild === undefined ? everywhere : inGuild(guild);
  const there = await listCommands(rest, place);
  const found = there.find(({ name }) => name === command.name);
  if (found === undefined || !isSameDefinition(command, found, guild === undefined ? 'global' : 'guild')) {
    // Creating one of the same name replaces it.
    await rest.post(place, { body: command });
    log.info({ command: command.name, guild }, 'Registered the command with Discord');
  }
  const remove = async (from: Place, { id, name }: APIApplicationCommand): Promise<void> => {
    await rest.delete(`${from}/${id}`);
    log.info({ command: name, from }, 'Removed a command that the configuration does not name any more');
  };
  for (const old of there) if (old.name !== command.name && isOurs(old, command)) await remove(place, old);
  for (const other of [everywhere, ...guilds.map(inGuild)]) {
    if (other === place) continue;
    // People would see the same one twice.
    const twins = await listWhereAllowed(rest, other);
    for (const twin of twins) if (twin.name === command.name || isOurs(twin, command)) await remove(other, twin);
  }
}

/** What an application's own command is known by as nightdesk's, whatever its name and options were: nobody else describes one so. */
const isOurs = ({ description }: APIApplicationCommand, command: CommandDefinition): boolean =>
  description === command.description;

async function listCommands(rest: REST, place: Place): Promise<APIApplicationCommand[]> {
  const commands = (await rest.get(place)) as APIApplicationCommand[];
  return commands.filter(({ type }) => type === ApplicationCommandType.ChatInput);
}

/** A server may have let the bot in without the right to commands; then none of them is there. */
async function listWhereAllowed(rest: REST, place: Place): Promise<APIApplicationCommand[]> {
  try {
    return await listCommands(rest, place);
  } catch (error) {
    if (error instanceof DiscordAPIError) return [];
    throw error;
  }
}
