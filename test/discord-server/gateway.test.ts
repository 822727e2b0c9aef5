import { ApplicationCommandOptionType, GatewayIntentBits } from 'discord.js';
import { expect, test } from 'vitest';

import { logIn, onInteraction, openServer } from './bot.ts';

test('a client that logs in is shown the guild with its channels', async () => {
  const server = await openServer();
  const { guilds } = await logIn(server);
  expect(guilds.cache.get(server.guild.id)?.channels.cache.get(server.general.id)?.name).toBe('general');
  expect(server.gateway.identifies).toBe(1);
});

test('a command reaches the bot, and the channel its answer', async () => {
  const server = await openServer();
  const bot = await logIn(server);
  onInteraction(bot, async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply(interaction.options.getString('what', true));
  });
  const what = {
    type: ApplicationCommandOptionType.String,
    name: 'what',
    description: 'what',
    required: true,
  } as const;
  await bot.application.commands.set([{ name: 'say', description: 'says it', options: [what] }]);
  const shown = await server.addPerson('ada').command('say', { what: 'hello' });
  expect(shown.kind).toBe('message');
  expect(server.messagesIn(server.general).map(({ content }) => content)).toEqual(['hello']);
});

test('a reaction on a message from before the login is told', async () => {
  const server = await openServer();
  const ada = server.addPerson('ada');
  const message = ada.say('an old one');
  const bot = await logIn(server, [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessageReactions]);
  const reacted = new Promise((resolve) => bot.once('messageReactionAdd', ({ emoji }) => resolve(emoji.name)));
  ada.react(message, '🔁');
  expect(await reacted).toBe('🔁');
});
