import { Client, DiscordAPIError, GatewayIntentBits, Partials, REST, type Interaction } from 'discord.js';
import { onTestFinished } from 'vitest';

import {
  startDiscordServer,
  type DiscordServer,
  type DiscordServerOptions,
} from '../support/discord-server/discord-server.ts';

/** A server that is closed with the test. */
export async function openServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const server = await startDiscordServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A discord.js client of it, logged in and ready. */
export async function logIn(
  server: DiscordServer,
  intents: GatewayIntentBits[] = [GatewayIntentBits.Guilds],
): Promise<Client<true>> {
  const { Channel, Message, Reaction, User } = Partials;
  const client = new Client({
    intents,
    partials: [Channel, Message, Reaction, User],
    rest: { api: server.restUrl, retries: 0 },
  });
  onTestFinished(() => client.destroy());
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(server.token);
  return await ready;
}

/** Has the bot answer interactions. */
export function onInteraction(bot: Client, answer: (interaction: Interaction) => Promise<unknown>): void {
  bot.on('interactionCreate', (interaction) => {
    answer(interaction).catch((error: unknown) => bot.emit('error', error as Error));
  });
}

/** A discord.js client of the API alone, without retries. */
export function openRest(server: DiscordServer): REST {
  return new REST({ api: server.restUrl, retries: 0, rejectOnRateLimit: () => true }).setToken(server.token);
}

/** What the API refuses a request with: its code, and the paths of what is wrong with the body. */
export async function refusalOf(request: Promise<unknown>): Promise<{ code: number | string; paths: string[] }> {
  try {
    await request;
  } catch (error) {
    if (error instanceof DiscordAPIError) return { code: error.code, paths: pathsOf(error.rawError, 'errors') };
    throw error;
  }
  throw new Error('it was not refused');
}

function pathsOf(part: unknown, key: string, path: string[] = []): string[] {
  const inner = (part as Record<string, unknown>)[key];
  if (typeof inner !== 'object' || inner === null) return [];
  if ('_errors' in inner) return [path.join('.')];
  return Object.keys(inner).flatMap((name) => pathsOf(inner, name, [...path, name]));
}
