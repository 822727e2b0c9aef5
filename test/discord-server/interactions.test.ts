import {
  ComponentType,
  MessageFlags,
  Routes,
  TextInputStyle,
  type Client,
  type Interaction,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { beforeEach, describe, expect, test } from 'vitest';

import { modalFields } from '../support/discord-server/acts/submit-modal.ts';
import type { Person } from '../support/discord-server/acts/person.ts';
import type { DiscordServer } from '../support/discord-server/discord-server.ts';
import { logIn, onInteraction, openRest, openServer, refusalOf } from './bot.ts';

let server: DiscordServer;
let bot: Client<true>;
let ada: Person;
let now = 1_800_000_000_000;

const text = (name: string, over: object = {}) => ({ type: 3, name, description: name, ...over });
const claude: RESTPostAPIApplicationCommandsJSONBody = {
  name: 'claude',
  description: 'Claude Code',
  options: [
    {
      type: 1,
      name: 'run',
      description: 'runs',
      options: [text('job', { required: true, autocomplete: true }), text('note', { max_length: 5 })],
    },
  ] as never,
};

beforeEach(async () => {
  server = await openServer({ now: () => now, responseMs: 300 });
  bot = await logIn(server);
  ada = server.addPerson('ada');
  await openRest(server).put(Routes.applicationCommands(server.world.application.id), { body: [claude] });
});

const answer = (how: (interaction: Interaction) => Promise<unknown>) => onInteraction(bot, how);

/** Has the bot answer with a raw response, and resolves to what the API says to that. */
function answerRaw(...bodies: object[]): Promise<{ code: number | string; paths: string[] } | 'taken'> {
  const rest = openRest(server);
  return new Promise((resolve, reject) => {
    answer(async ({ id, token }) => {
      const path = Routes.interactionCallback(id, token);
      try {
        for (const body of bodies.slice(0, -1)) await rest.post(path, { body, auth: false });
        const last = rest.post(path, { body: bodies.at(-1), auth: false }).then(() => 'taken' as const);
        resolve(await last.catch(() => refusalOf(last)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

describe('a command', () => {
  test('carries its options below its subcommand', async () => {
    answer(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const { options } = interaction;
      await interaction.reply(`${options.getSubcommand()} ${options.getString('job')} ${options.getString('note')}`);
    });
    const { message } = await ada.command('claude run', { job: 'nightly', note: 'why' });
    expect(message?.content).toBe('run nightly why');
  });

  test('that names a person brings them along', async () => {
    const who = { type: 6, name: 'who', description: 'who' };
    const path = Routes.applicationCommands(server.world.application.id);
    await openRest(server).put(path, { body: [{ name: 'tell', description: 'tells', options: [who] }] });
    const grace = server.addPerson('grace');
    answer(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply(interaction.options.getUser('who', true).username);
    });
    expect((await ada.command('tell', { who: grace.id })).message?.content).toBe('grace');
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['claude run', {}, /asks for the option job/],
    ['claude run', { job: 'x', note: 'too long' }, /note: it is too long/],
    ['claude run', { job: 'x', other: 'x' }, /no option other/],
    ['claude stop', {}, /there is no stop/],
    ['claude', {}, /needs a subcommand/],
    ['other', {}, /no command \/other here/],
  ])('that the composer would not send is an error: /%s %j', async (words, options, reason) => {
    await expect(ada.command(words, options)).rejects.toThrow(reason);
  });

  test('that nobody answers has failed, and can no longer be answered', async () => {
    const tokens: string[] = [];
    answer(async ({ id, token }) => void tokens.push(id, token));
    expect((await ada.command('claude run', { job: 'x' })).kind).toBe('failed');
    const [id = '', token = ''] = tokens;
    const late = openRest(server).post(Routes.interactionCallback(id, token), { body: { type: 5 }, auth: false });
    expect(await refusalOf(late)).toMatchObject({ code: 10_062 });
  });
});

describe('a first response is refused', () => {
  const modal = (over: object, input: object = {}) => ({
    type: 9,
    data: {
      custom_id: 'form',
      title: 'Form',
      components: [{ type: 1, components: [{ type: 4, custom_id: 'a', label: 'A', style: 1, ...input }] }],
      ...over,
    },
  });
  const sixRows = Array.from({ length: 6 }, (_, index) => ({
    type: 1,
    components: [{ type: 4, custom_id: `f${index}`, label: 'A', style: 1 }],
  }));

  test.each<[string, object, string]>([
    ['that updates a message where there is none', { type: 7, data: { content: 'x' } }, 'type'],
    ['that suggests where nobody types', { type: 8, data: { choices: [] } }, 'type'],
    ['with content over 2,000', { type: 4, data: { content: 'x'.repeat(2001) } }, 'content'],
    ['with a title over 45', modal({ title: 'x'.repeat(46) }), 'data.title'],
    ['with six inputs', modal({ components: sixRows }), 'data.components'],
    ['with a label over 45', modal({}, { label: 'x'.repeat(46) }), 'data.components.0.components.0.label'],
    ['with a value over its limit', modal({}, { max_length: 1, value: 'xy' }), 'data.components.0.components.0.value'],
  ])('%s', async (_, body, path) => {
    const refused = answerRaw(body);
    expect((await ada.command('claude run', { job: 'x' })).kind).toBe('failed');
    expect(await refused).toEqual({ code: 50_035, paths: [path] });
  });

  test('where there was one already', async () => {
    const refused = answerRaw({ type: 5 }, { type: 4, data: { content: 'x' } });
    await ada.command('claude run', { job: 'x' });
    expect(await refused).toMatchObject({ code: 40_060 });
  });
});

describe('suggestions', () => {
  test('are for the option that is typed', async () => {
    answer(async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name} ${value}`, value }]);
    });
    expect(await ada.complete('claude run', 'job', { job: 'ni' })).toEqual([{ name: 'job ni', value: 'ni' }]);
    await expect(ada.complete('claude run', 'note')).rejects.toThrow(/no autocompletion/);
  });

  test('are 25 at most', async () => {
    const choices = Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, value: `${index}` }));
    const refused = answerRaw({ type: 8, data: { choices } });
    expect(await ada.complete('claude run', 'job')).toEqual([]);
    expect(await refused).toEqual({ code: 50_035, paths: ['data.choices'] });
  });
});

describe('a form', () => {
  const title = { customId: 'title', label: 'Title', style: TextInputStyle.Short, value: 'old' } as const;
  beforeEach(() =>
    answer(async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.showModal({
          customId: 'form',
          title: 'Form',
          components: [
            { type: ComponentType.ActionRow, components: [{ type: ComponentType.TextInput, maxLength: 5, ...title }] },
          ],
        });
      if (!interaction.isModalSubmit()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply(interaction.fields.getTextInputValue('title'));
    }),
  );

  test('opens with its values and brings back what was changed; an answer for the asker alone is in no channel', async () => {
    const modal = await ada.command('claude run', { job: 'x' });
    expect(modalFields(modal)).toEqual({ title: 'old' });
    const shown = await ada.submit(modal, { title: 'new' });
    expect(shown.kind).toBe('deferred');
    expect((await shown.answer()).content).toBe('new');
    expect(server.messagesIn(server.general)).toEqual([]);
  });

  test('that Discord would not send is an error', async () => {
    const modal = await ada.command('claude run', { job: 'x' });
    await expect(ada.submit(modal, { title: '' })).rejects.toThrow(/it is required/);
    await expect(ada.submit(modal, { title: 'too long' })).rejects.toThrow(/it is too long/);
    await expect(ada.submit(modal, { title: 'a\nb' })).rejects.toThrow(/it has one line/);
    await expect(ada.submit(modal, { other: 'x' })).rejects.toThrow(/no field other/);
  });
});

describe('buttons and selects', () => {
  const components = [
    { type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'nd:go' }] },
    { type: 1, components: [{ type: 3, custom_id: 'pick', options: [{ label: 'One', value: '1' }] }] },
  ];
  beforeEach(async () => {
    await openRest(server).post(Routes.channelMessages(server.general.id), { body: { content: 'x', components } });
    answer(async (interaction) => {
      if (interaction.isButton()) await interaction.update(`pressed ${interaction.customId}`);
      if (interaction.isStringSelectMenu()) await interaction.deferUpdate();
      if (interaction.isStringSelectMenu()) await interaction.followUp(`chose ${interaction.values.join()}`);
    });
  });

  test('a button is found by its label or id, and may change its message', async () => {
    const [message] = server.messagesIn(server.general);
    if (!message) throw new Error('no message');
    expect((await ada.press(message, 'Go')).kind).toBe('update');
    expect(message.content).toBe('pressed nd:go');
    await expect(ada.press(message, 'Stop')).rejects.toThrow(/no button Stop/);
    server.deleteMessage(message);
    await expect(ada.press(message, 'Go')).rejects.toThrow(/not there any more/);
  });

  test('a select offers what it has', async () => {
    const [message] = server.messagesIn(server.general);
    if (!message) throw new Error('no message');
    const shown = await ada.choose(message, ['1']);
    expect((await server.until(() => shown.followups[0])).content).toBe('chose 1');
    await expect(ada.choose(message, ['2'])).rejects.toThrow(/does not offer 2/);
  });
});

test('the token of an interaction lives fifteen minutes', async () => {
  answer(async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.deferReply();
  });
  const { interaction } = await ada.command('claude run', { job: 'x' });
  const { id } = server.world.application;
  const edit = () =>
    openRest(server).patch(Routes.webhookMessage(id, interaction.token), { body: { content: 'x' }, auth: false });
  now += 15 * 60_000 - 1;
  await edit();
  now += 1;
  expect(await refusalOf(edit())).toMatchObject({ code: 50_027 });
});

test('what follows a deferred answer is that answer, and the next is a message of its own', async () => {
  answer(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.followUp('first');
    await interaction.followUp('second');
  });
  const shown = await ada.command('claude run', { job: 'x' });
  await server.until(() => shown.followups[0]);
  expect(shown.message?.content).toBe('first');
  expect(server.messagesIn(server.general).map(({ content }) => content)).toEqual(['first', 'second']);
});
