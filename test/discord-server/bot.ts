import { Client, GatewayIntentBits, Partials, type Interaction } from 'discord.js';
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
