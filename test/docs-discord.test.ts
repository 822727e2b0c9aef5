import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { botPermissions } from '../src/bots/discord/bot-permissions.ts';
import { parseConfig } from '../src/config.ts';
import { testContext } from './config/config-context.ts';

const page = readFileSync('docs/discord.md', 'utf8');

test('the page about Discord names each permission that the invite link asks for, and no other', () => {
  const [, table = ''] = page.split('| permission | for |\n| --- | --- |\n');
  const [rows = ''] = table.split('\n\n');
  const named = rows.split('\n').flatMap((row) => row.split('|')[1]?.trim().split(', ') ?? []);
  expect(named.toSorted()).toEqual(Object.keys(botPermissions).toSorted());
});

const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

test('it has an example of a configuration', () => {
  expect(examples).not.toEqual([]);
});

test.each(examples)('its example can be used: %s', (yaml) => {
  const env = { ...testContext.env, DISCORD_TOKEN: 'token' };
  const config = parseConfig(`projects: { api: { path: . } }\nweb: { people: [ada] }\n${yaml}`, {
    ...testContext,
    env,
  });
  expect(config.discord).toBeDefined();
});
