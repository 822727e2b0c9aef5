import { ComponentType, MessageFlags, TextInputStyle } from 'discord.js';
import { expect, test } from 'vitest';

import { modalFields } from '../support/discord-server/acts/submit-modal.ts';
import { logIn, onInteraction, openServer } from './bot.ts';

test('a form opens with its values and brings back what was changed; a deferred answer for the asker is in no channel', async () => {
  const server = await openServer();
  const bot = await logIn(server);
  const title = { customId: 'title', label: 'Title', style: TextInputStyle.Short, value: 'old' } as const;
  onInteraction(bot, async (interaction) => {
    if (interaction.isChatInputCommand())
      await interaction.showModal({
        customId: 'form',
        title: 'Form',
        components: [{ type: ComponentType.ActionRow, components: [{ type: ComponentType.TextInput, ...title }] }],
      });
    if (interaction.isModalSubmit()) {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply(interaction.fields.getTextInputValue('title'));
    }
  });
  await bot.application.commands.set([{ name: 'form', description: 'a form' }]);
  const ada = server.addPerson('ada');
  const modal = await ada.command('form');
  expect(modalFields(modal)).toEqual({ title: 'old' });
  const shown = await ada.submit(modal, { title: 'new' });
  expect(shown.kind).toBe('deferred');
  const answer = await shown.answer();
  expect(answer.content).toBe('new');
  expect(server.messagesIn(server.general)).toEqual([]);
});
