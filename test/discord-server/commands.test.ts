import { Routes, type REST } from 'discord.js';
import { beforeEach, expect, test } from 'vitest';

import type { DiscordServer } from '../support/discord-server/discord-server.ts';
import { openRest, openServer, refusalOf } from './bot.ts';

let server: DiscordServer;
let rest: REST;
beforeEach(async () => {
  server = await openServer();
  rest = openRest(server);
});

const path = () => Routes.applicationGuildCommands(server.world.application.id, server.guild.id);
const put = (...body: object[]) => rest.put(path(), { body }) as Promise<{ id: string; version: string }[]>;
const command = (over: object = {}) => ({ name: 'claude', description: 'd', ...over });
const option = (over: object = {}) => ({ type: 3, name: 'goal', description: 'd', ...over });
const options = (...list: object[]) => command({ options: list });
const many = (count: number, make: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => make(index));

test.each<[string, object, string]>([
  ['a name with capitals', command({ name: 'Claude' }), '0.name'],
  ['a name with a space', command({ name: 'claude code' }), '0.name'],
  ['no description', command({ description: '' }), '0.description'],
  ['a description over 100', command({ description: 'x'.repeat(101) }), '0.description'],
  ['26 options', options(...many(26, (index) => option({ name: `o${index}` }))), '0.options'],
  ['one name twice', options(option(), option()), '0.options'],
  ['a required option behind another', options(option(), option({ name: 'b', required: true })), '0.options'],
  ['options beside subcommands', options(option(), option({ type: 1, name: 'b' })), '0.options'],
  ['an option without a description', options(option({ description: undefined })), '0.options.0.description'],
  [
    'an option in a subcommand that is wrong',
    options(option({ type: 1, options: [option({ name: 'A' })] })),
    '0.options.0.options.0.name',
  ],
  [
    'a subcommand in a subcommand',
    options(option({ type: 1, options: [option({ type: 1 })] })),
    '0.options.0.options.0.type',
  ],
  [
    '26 choices',
    options(option({ choices: many(26, (index) => ({ name: `${index}`, value: `${index}` })) })),
    '0.options.0.choices',
  ],
  [
    'choices and autocompletion',
    options(option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })),
    '0.options.0.autocomplete',
  ],
  ['texts over 6,000', options(option({ max_length: 6001 })), '0.options.0.max_length'],
  [
    'more than 8,000 in all',
    options(
      ...many(25, (index) =>
        option({ name: `o${index}`, choices: many(25, (place) => ({ name: `${place}`, value: 'x'.repeat(20) })) }),
      ),
    ),
    '0',
  ],
])('%s is refused', async (_, body, at) => {
  const { code, paths } = await refusalOf(put(body));
  expect([code, paths]).toEqual([50_035, expect.arrayContaining([at])]);
  expect(await rest.get(path())).toEqual([]);
});

test('one that is registered again keeps its id, and its version where nothing has changed', async () => {
  const [first] = await put(options(option()));
  const [same] = await put(options(option({ required: false })));
  expect(same).toEqual(first);
  const [changed] = await put(options(option({ description: 'other' })));
  expect(changed?.id).toBe(first?.id);
  expect(changed?.version).not.toBe(first?.version);
});

test('one that is left out is gone, and one can be added, changed and deleted alone', async () => {
  await put(command({ name: 'one' }), command({ name: 'two' }));
  await put(command({ name: 'two' }));
  const added = (await rest.post(path(), { body: command({ name: 'three' }) })) as { id: string };
  const own = Routes.applicationGuildCommand(server.world.application.id, server.guild.id, added.id);
  await rest.patch(own, { body: { description: 'changed' } });
  expect(await rest.get(path())).toMatchObject([{ name: 'two' }, { name: 'three', description: 'changed' }]);
  await rest.delete(own);
  expect(await refusalOf(rest.get(own))).toMatchObject({ code: 10_063 });
});

test('those of a guild are not those of every guild, and a guild without the bot has none', async () => {
  await put(command());
  expect(await rest.get(Routes.applicationCommands(server.world.application.id))).toEqual([]);
  server.kickBot();
  expect(await refusalOf(put(command()))).toMatchObject({ code: 50_001 });
});
