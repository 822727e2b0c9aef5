import { ApplicationCommandOptionType, GatewayIntentBits } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { permissionBits } from '../support/discord-server/permissions.ts';
import type { DiscordServer } from '../support/discord-server/discord-server.ts';
import { logIn, onInteraction, openServer } from './bot.ts';

const { Guilds, GuildMessages, GuildMessageReactions, MessageContent } = GatewayIntentBits;

interface Line {
  op: number;
  t?: string;
  s?: number;
  d: Record<string, unknown>;
}

/** A gateway connection without a library. */
function connect(server: DiscordServer) {
  const socket = new WebSocket(`${server.world.url.replace('http', 'ws')}/gateway?v=10&encoding=json`);
  const lines: Line[] = [];
  const looks = new Set<() => void>();
  const look = () => looks.forEach((one) => one());
  let code: number | undefined;
  socket.on('message', (raw: Buffer) => (lines.push(JSON.parse(raw.toString()) as Line), look()));
  socket.on('close', (given) => ((code = given), look()));
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const one = () => {
        const found = find();
        if (found !== undefined && looks.delete(one)) resolve(found);
      };
      looks.add(one);
      one();
    });
  return {
    lines,
    send: async (op: number, d: unknown) => {
      await until(() => lines[0]);
      socket.send(JSON.stringify({ op, d }));
    },
    event: (name: string) => until(() => lines.find(({ t }) => t === name)),
    line: (op: number) => until(() => lines.find((one) => one.op === op)),
    closed: () => until(() => code),
  };
}

const identity = (server: DiscordServer, intents: number) => ({ token: server.token, intents, properties: {} });

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
  const { String: type } = ApplicationCommandOptionType;
  const what = { type, name: 'what', description: 'what', required: true } as const;
  await bot.application.commands.set([{ name: 'say', description: 'says it', options: [what] }]);
  const shown = await server.addPerson('ada').command('say', { what: 'hello' });
  expect(shown.kind).toBe('message');
  expect(server.messagesIn(server.general).map(({ content }) => content)).toEqual(['hello']);
});

test('a reaction on a message from before the login is told', async () => {
  const server = await openServer();
  const ada = server.addPerson('ada');
  const message = ada.say('an old one');
  const bot = await logIn(server, [Guilds, GuildMessageReactions]);
  const reacted = new Promise((resolve) => bot.once('messageReactionAdd', ({ emoji }) => resolve(emoji.name)));
  ada.react(message, '🔁');
  expect(await reacted).toBe('🔁');
});

describe('intents', () => {
  test('without them nothing is told but interactions', async () => {
    const server = await openServer();
    const line = connect(server);
    await line.send(2, identity(server, 0));
    await line.event('READY');
    const ada = server.addPerson('ada');
    ada.react(ada.say('x'), '🔁');
    server.world.commands.set('global', [{ id: '1', version: '1', name: 'help' }]);
    void ada.command('help');
    await line.event('INTERACTION_CREATE');
    expect(line.lines.flatMap(({ t }) => t ?? [])).toEqual(['READY', 'INTERACTION_CREATE']);
  });

  test('what people write is empty but where the bot is mentioned', async () => {
    const server = await openServer();
    const bot = await logIn(server, [Guilds, GuildMessages]);
    const seen: string[] = [];
    const both = new Promise<void>((resolve) => {
      bot.on('messageCreate', ({ content }) => seen.push(content) === 2 && resolve());
    });
    const ada = server.addPerson('ada');
    const mention = `<@${server.world.bot.id}> retry`;
    ada.say('for people');
    ada.say(mention);
    await both;
    expect(seen).toEqual(['', mention]);
  });

  test('one that has to be switched on closes the connection until it is', async () => {
    const server = await openServer();
    const line = connect(server);
    await line.send(2, identity(server, Guilds | MessageContent));
    expect(await line.closed()).toBe(4014);
    const allowed = await openServer({ applicationFlags: 1 << 19 });
    const other = connect(allowed);
    await other.send(2, identity(allowed, Guilds | MessageContent));
    await other.event('READY');
  });

  test('nothing is told of channels that the bot does not see', async () => {
    const server = await openServer();
    const overwrite = { id: server.guild.id, type: 0, allow: 0n, deny: permissionBits.viewChannel } as const;
    const hidden = server.addChannel('hidden', [overwrite]);
    const line = connect(server);
    await line.send(2, identity(server, GuildMessages));
    await line.event('READY');
    const ada = server.addPerson('ada');
    ada.say('unseen', hidden);
    const seen = ada.say('seen');
    expect((await line.event('MESSAGE_CREATE')).d['id']).toBe(seen.id);
  });
});

describe('a connection', () => {
  test('is closed for a wrong token, and for who does not say who they are', async () => {
    const server = await openServer();
    const wrong = connect(server);
    await wrong.send(2, { ...identity(server, 0), token: 'wrong' });
    expect(await wrong.closed()).toBe(4004);
    const silent = connect(server);
    await silent.send(3, {});
    expect(await silent.closed()).toBe(4003);
  });

  test('has its heartbeats acknowledged', async () => {
    const server = await openServer({ heartbeatIntervalMs: 1234 });
    const line = connect(server);
    await line.send(1, null);
    await line.line(11);
    expect(line.lines[0]).toMatchObject({ op: 10, d: { heartbeat_interval: 1234 } });
  });

  test('that is gone can be resumed, with what was missed in its order', async () => {
    const server = await openServer();
    const line = connect(server);
    await line.send(2, identity(server, GuildMessages));
    const ready = await line.event('READY');
    server.gateway.disconnect();
    await line.closed();
    const ada = server.addPerson('ada');
    ada.say('one');
    ada.say('two');
    const again = connect(server);
    await again.send(6, { token: server.token, session_id: ready.d['session_id'], seq: ready.s });
    await again.event('RESUMED');
    expect(again.lines.slice(1).map(({ t, s }) => [t, s])).toEqual([
      ['MESSAGE_CREATE', 2],
      ['MESSAGE_CREATE', 3],
      ['RESUMED', 4],
    ]);
  });

  test('whose session is invalidated is told so, and resumes nothing', async () => {
    const server = await openServer();
    const line = connect(server);
    await line.send(2, identity(server, 0));
    const ready = await line.event('READY');
    server.gateway.invalidate(false);
    expect(await line.line(9)).toMatchObject({ d: false });
    const again = connect(server);
    await again.send(6, { token: server.token, session_id: ready.d['session_id'], seq: ready.s });
    expect(await again.line(9)).toMatchObject({ d: false });
  });

  test('whose session is forgotten is told so, and can identify instead', async () => {
    const server = await openServer();
    const line = connect(server);
    await line.send(6, { token: server.token, session_id: 'unknown', seq: 1 });
    expect(await line.line(9)).toMatchObject({ d: false });
    await line.send(2, identity(server, 0));
    await line.event('READY');
  });
});

describe('discord.js', () => {
  test('resumes when it is asked to reconnect, and misses nothing', async () => {
    const server = await openServer();
    const bot = await logIn(server, [Guilds, GuildMessages]);
    const seen = new Promise((resolve) => bot.once('messageCreate', ({ id }) => resolve(id)));
    server.gateway.askToReconnect();
    await server.until(() => server.gateway.sockets.size === 0, 'the end of the connection');
    const { id } = server.addPerson('ada').say('meanwhile');
    expect(await seen).toBe(id);
    expect([server.gateway.identifies, server.gateway.resumes]).toEqual([1, 1]);
  });

  test('gives up on a token that is revoked', async () => {
    const server = await openServer();
    const bot = await logIn(server);
    const ended = new Promise((resolve) => bot.once('shardDisconnect', ({ code }) => resolve(code)));
    server.revokeToken();
    expect(await ended).toBe(4004);
  });
});

test('a bot that has used up its logins has its token reset', async () => {
  const server = await openServer({ identifyLimit: { remaining: 1 } });
  const first = connect(server);
  await first.send(2, identity(server, 0));
  await first.event('READY');
  const second = connect(server);
  await second.send(2, identity(server, 0));
  expect(await second.closed()).toBe(4004);
  const asked = await fetch(`${server.restUrl}/v10/users/@me`, { headers: { authorization: `Bot ${server.token}` } });
  expect(asked.status).toBe(401);
});
