import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { parseConfig } from '../../src/config.ts';
import { missingVariable } from '../../src/config/child-env.ts';
import { ConfigError } from '../../src/config/fault.ts';
import { testContext } from './config-context.ts';

const parse = (yaml: string, env = testContext.env) =>
  parseConfig(`projects: { api: { path: . } }\n${yaml}`, { ...testContext, env });

function faultOf(yaml: string, env: Record<string, string>): ConfigError {
  try {
    parse(yaml, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no fault was found');
}

test('Discord is off unless its section is there, and on with nothing behind it', () => {
  expect(parse('').discord).toBeUndefined();
  expect(parse('discord:').discord).toEqual({
    token: 'the-bots-own-on-discord',
    restUrl: 'https://discord.com/api',
    guild: undefined,
  });
});

test('a server and another API are taken over', () => {
  const { discord } = parse('discord: { guild: "123", restUrl: "http://127.0.0.1:9000/api/v10/" }');
  expect(discord).toMatchObject({ guild: '123', restUrl: 'http://127.0.0.1:9000/api' });
});

test('without its token it is a fault, which names the variable for those that look for it elsewhere', () => {
  const { message, faults } = faultOf('discord:', {});
  expect(message).toContain('line 2 · discord: DISCORD_TOKEN is not set in the environment of nightdesk');
  expect(faults.map(({ said }) => missingVariable(said))).toEqual(['DISCORD_TOKEN']);
});

test('a channel of Discord is told nothing where Discord is off, which is a warning', () => {
  const said = "discord:123 can't be reached: without `discord` in the file Discord is off";
  expect(parse('alerts: "discord:123"').warnings).toEqual([said]);
  expect(parse('alerts: "discord:123"\ndiscord:').warnings).toEqual([]);
});

describe('the token', () => {
  test('is in no fault, and none may be written into the file', () => {
    // Of the shape of a token, made up.
    const token = ['M'.padEnd(24, 'a'), 'b'.repeat(6), 'c'.repeat(30)].join('.');
    expect(faultOf(`discord: { token: ${token} }`, { DISCORD_TOKEN: token }).message).not.toContain(token);
  });

  test('never reaches what runs start', () => {
    expect(Object.values(parse('discord:').claude.env)).not.toContain('the-bots-own-on-discord');
    expect(faultOf('discord:\nclaude: { env: [DISCORD_TOKEN] }', { DISCORD_TOKEN: 'x' }).message).toContain(
      'DISCORD_TOKEN is never passed on',
    );
  });
});

test('the example of docs/discord.md can be used as it is', () => {
  const [example = ''] = readFileSync('docs/discord.md', 'utf8').match(/(?<=```yaml\n)[^]*?(?=```)/) ?? [];
  const { discord, access, channels } = parse(example);
  expect(discord?.guild).toBe('123456789012345678');
  expect(channels.get('discord:223456789012345678')).toEqual({ project: 'api' });
  expect(access.projects['api']?.members).toEqual(['discord:role-423456789012345678']);
});
