import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { permissionBits } from '../../support/discord-server/permissions.ts';
import {
  startDiscordServer,
  type DiscordServer,
  type DiscordServerOptions,
} from '../../support/discord-server/discord-server.ts';
import { makeDoctorPlace, type DoctorPlace } from './doctor-place.ts';

let place: DoctorPlace;
beforeEach(() => {
  place = makeDoctorPlace();
});

async function openServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const server = await startDiscordServer(options);
  onTestFinished(() => server.close());
  return server;
}

interface Given {
  access?: object;
  discord?: object;
  channels?: string[];
  token?: string;
}

/** What the doctor says of Discord and of its channels. */
async function examine(
  server: DiscordServer,
  { discord = {}, channels = [], access, token }: Given = {},
): Promise<Finding[]> {
  place.write({
    discord: { restUrl: server.restUrl, ...discord },
    channels: Object.fromEntries(channels.map((channel) => [channel, {}])),
    ...(access && { access }),
  });
  const findings = await place.examine({ env: { ...place.env, DISCORD_TOKEN: token ?? server.token } });
  expect(findings[1]).toMatchObject({ check: 'configuration', state: 'ok' });
  return findings.filter(({ check }) => /^discord/i.test(check));
}

const { viewChannel, attachFiles, createPublicThreads, administrator, sendMessages } = permissionBits;

test('where all is well, the token, the server and each channel are said', async () => {
  const server = await openServer();
  const findings = await examine(server, {
    discord: { guild: server.guild.id },
    channels: [`discord:${server.general.id}`],
  });
  expect(findings.map(({ state, said }) => [state, said])).toEqual([
    ['ok', 'the token is that of nightdesk; 1000 of 1000 logins are left; no privileged intent is needed'],
    ['ok', 'it is in lab, where its commands are registered'],
    ['ok', '#general in lab: the bot may do all that it needs'],
  ]);
  expect(server.gateway.identifies).toBe(0);
});

test('without the section nothing is asked', async () => {
  place.write();
  expect(await place.of('Discord')).toEqual([]);
});

describe('the token', () => {
  test('that is wrong is a fault, and is not shown', async () => {
    const findings = await examine(await openServer(), { token: 'not-the-token' });
    expect(findings).toMatchObject(
      [{ state: 'fault', said: 'Discord does not accept the token in DISCORD_TOKEN', toDo: /Reset Token/ }].map(
        ({ toDo, ...rest }) => ({ ...rest, toDo: expect.stringMatching(toDo) }),
      ),
    );
    expect(JSON.stringify(findings)).not.toContain('not-the-token');
  });

  test('with few logins left is a warning with the time until there are more', async () => {
    const server = await openServer({ identifyLimit: { remaining: 12, resetAfterMs: 2 * 3_600_000 } });
    const [logins] = await examine(server);
    expect(logins).toMatchObject({
      state: 'warning',
      said: '12 of 1000 logins are left until the count begins anew in 2 h',
    });
  });
});

test('an application whose commands go to a web address is a fault: they would never reach nightdesk', async () => {
  const server = await openServer();
  server.world.application.interactions_endpoint_url = 'https://bot.example.org';
  expect(await examine(server)).toMatchObject([
    { state: 'fault', said: 'commands and buttons go to https://bot.example.org and never reach nightdesk' },
  ]);
});

test('an API that does not answer is a fault with the reason', async () => {
  const server = await openServer();
  const gone = await startDiscordServer();
  await gone.close();
  const [finding] = await examine(server, { discord: { restUrl: gone.restUrl } });
  expect(finding).toMatchObject({ state: 'fault', said: `${gone.restUrl} can't be asked: ECONNREFUSED` });
});

describe('the server', () => {
  test('that the bot is not in is a fault, and so is to be in none', async () => {
    const server = await openServer();
    server.kickBot();
    const toDo = expect.stringContaining('nightdesk discord invite') as unknown;
    const { id } = server.guild;
    expect((await examine(server, { discord: { guild: id } })).slice(1)).toEqual([
      { check: 'Discord', state: 'fault', said: `the bot is not in the server ${id} of \`discord.guild\``, toDo },
    ]);
    expect((await examine(server)).slice(1)).toEqual([
      { check: 'Discord', state: 'fault', said: 'the bot is in no server', toDo },
    ]);
  });

  test('in which commands may not be registered is a fault', async () => {
    const server = await openServer();
    const missingAccess = { kind: 'status', status: 403, body: { message: 'Missing Access', code: 50_001 } } as const;
    server.trouble({ on: 'GET /applications/:application/guilds/:guild/commands', what: missingAccess });
    const [, finding] = await examine(server, { discord: { guild: server.guild.id } });
    expect(finding).toMatchObject({ state: 'fault', said: 'the bot may not register commands in lab' });
  });
});

test('entries of access that mean nobody on the server are warnings', async () => {
  const server = await openServer();
  const ops = server.addRole('ops');
  const findings = await examine(server, {
    discord: { guild: server.guild.id },
    access: {
      admins: ['discord:ada', 'discord:123', 'discord:*'],
      api: { members: [`discord:role-${ops.id}`, 'discord:role-9'], viewers: ['discord:role-9'] },
    },
  });
  expect(findings.filter(({ state }) => state !== 'ok').map(({ state, said }) => [state, said])).toEqual([
    ['warning', 'access: discord:ada is nobody, since people and roles are known by their ids'],
    ['warning', 'access: discord:role-9 is no role of the server'],
  ]);
});

describe('a channel', () => {
  const ofChannel = async (server: DiscordServer, id: string) =>
    (await examine(server, { channels: [`discord:${id}`] })).find(({ check }) => check === `discord:${id}`);

  test('that is not there, or is no text channel, is a fault', async () => {
    const server = await openServer();
    expect(await ofChannel(server, '123')).toMatchObject({ state: 'fault', said: 'there is no such channel' });
    expect(await ofChannel(server, 'general')).toMatchObject({ state: 'fault', said: 'is no id of a channel' });
    server.general.type = 2;
    expect(await ofChannel(server, server.general.id)).toMatchObject({
      state: 'fault',
      said: 'is no text channel of a server',
    });
  });

  test('that the bot does not see is a fault', async () => {
    const server = await openServer();
    const hidden = server.addChannel('hidden', [{ id: server.guild.id, type: 0, allow: 0n, deny: viewChannel }]);
    expect(await ofChannel(server, hidden.id)).toMatchObject({
      state: 'fault',
      said: 'the bot does not see the channel',
    });
  });

  test('that takes something away names what is missing', async () => {
    const server = await openServer();
    const deny = attachFiles | createPublicThreads;
    const tight = server.addChannel('tight', [{ id: server.guild.id, type: 0, allow: 0n, deny }]);
    expect(await ofChannel(server, tight.id)).toMatchObject({
      state: 'fault',
      said: '#tight in lab: the bot misses Create Public Threads, Attach Files',
    });
  });

  test("gives back to the bot's own role, or to the bot, what it takes from everyone", async () => {
    const server = await openServer();
    const [role = ''] = server.guild.members.get(server.world.bot.id)?.roles ?? [];
    const taken = { id: server.guild.id, type: 0, allow: 0n, deny: sendMessages } as const;
    const byRole = server.addChannel('role', [taken, { id: role, type: 0, allow: sendMessages, deny: 0n }]);
    const byBot = server.addChannel('bot', [
      taken,
      { id: role, type: 0, allow: 0n, deny: sendMessages },
      { id: server.world.bot.id, type: 1, allow: sendMessages, deny: 0n },
    ]);
    expect(await ofChannel(server, byRole.id)).toMatchObject({ state: 'ok' });
    expect(await ofChannel(server, byBot.id)).toMatchObject({ state: 'ok' });
  });

  test('is looked at for the bot, whose id need not be that of its application', async () => {
    const server = await openServer();
    server.world.application.id = '42';
    expect(await ofChannel(server, server.general.id)).toMatchObject({ state: 'ok' });
  });

  test('takes nothing from an administrator', async () => {
    const server = await openServer({ permissions: administrator });
    const tight = server.addChannel('tight', [{ id: server.guild.id, type: 0, allow: 0n, deny: viewChannel }]);
    expect(await ofChannel(server, tight.id)).toMatchObject({ state: 'ok' });
  });

  test('of another server than the one with the commands is a warning', async () => {
    const server = await openServer();
    const elsewhere = server.addChannel('far', [], server.addGuild('other'));
    const findings = await examine(server, {
      discord: { guild: server.guild.id },
      channels: [`discord:${elsewhere.id}`],
    });
    expect(findings.at(-1)).toMatchObject({
      state: 'warning',
      said: expect.stringContaining('is in another server than `discord.guild`'),
    });
  });
});
