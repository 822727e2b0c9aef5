import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { inviteLink } from '../../../src/cli/discord/invite.ts';
import { permissionBits } from '../../support/discord-server/permissions.ts';
import { startDiscordServer, type DiscordServer } from '../../support/discord-server/discord-server.ts';
import { runNightdesk } from '../../support/nightdesk-command.ts';
import { tempFolder } from '../../support/temp-repository.ts';

async function openServer(): Promise<DiscordServer> {
  const server = await startDiscordServer();
  onTestFinished(() => server.close());
  return server;
}

function folderFor(restUrl: string): string {
  const folder = tempFolder();
  // JSON is YAML.
  const config = { projects: { api: { path: 'api' } }, discord: { restUrl, guild: '123' } };
  writeFileSync(join(folder, 'nightdesk.yaml'), JSON.stringify(config));
  return folder;
}

test('the link asks for the two scopes and for exactly the permissions that the bot uses', () => {
  const { origin, pathname, searchParams } = new URL(inviteLink('42', undefined));
  expect(origin + pathname).toBe('https://discord.com/oauth2/authorize');
  const used = [
    permissionBits.viewChannel,
    permissionBits.sendMessages,
    permissionBits.createPublicThreads,
    permissionBits.sendMessagesInThreads,
    permissionBits.embedLinks,
    permissionBits.attachFiles,
    permissionBits.addReactions,
    permissionBits.readMessageHistory,
  ].reduce((sum, bit) => sum | bit, 0n);
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: '42',
    scope: 'bot applications.commands',
    permissions: String(used),
  });
});

test('it is printed for the application that the token belongs to, with the configured server chosen', async () => {
  const server = await openServer();
  const cwd = folderFor(server.restUrl);
  const { code, stdout } = await runNightdesk(['discord', 'invite'], { cwd, env: { DISCORD_TOKEN: server.token } });
  expect(code).toBe(0);
  expect(stdout).toBe(`${inviteLink(server.world.application.id, '123')}\n`);
});

test('with the id of the application neither a token nor a configuration is needed', async () => {
  const { code, stdout } = await runNightdesk(['discord', 'invite', '--application', '42'], {
    cwd: tempFolder(),
    env: {},
  });
  expect([code, stdout]).toEqual([0, `${inviteLink('42', undefined)}\n`]);
});

test('without a token it is said how to go on; a wrong one is not shown', async () => {
  const server = await openServer();
  const none = await runNightdesk(['discord', 'invite'], { cwd: tempFolder(), env: {} });
  expect(none).toMatchObject({ code: 1, stdout: '' });
  expect(none.stderr).toContain('DISCORD_TOKEN is not set here');
  const cwd = folderFor(server.restUrl);
  const wrong = await runNightdesk(['discord', 'invite'], { cwd, env: { DISCORD_TOKEN: 'not-the-token' } });
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('Discord does not accept the token');
  expect(wrong.stderr).not.toContain('not-the-token');
});

test('an id that is none is refused', async () => {
  const { code, stderr } = await runNightdesk(['discord', 'invite', '--application', 'mine'], {
    cwd: tempFolder(),
    env: {},
  });
  expect(code).toBe(2);
  expect(stderr).toContain('an id is a number');
});
