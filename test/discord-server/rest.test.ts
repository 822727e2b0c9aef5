import { once } from 'node:events';

import { Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';

import { strictLimits } from '../support/discord-server/rate-limits.ts';
import type { DiscordServer } from '../support/discord-server/discord-server.ts';
import { logIn, openRest, openServer, refusalOf } from './bot.ts';

const request = (server: DiscordServer, method: string, path: string, body?: object, token = server.token) =>
  fetch(`${server.restUrl}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

const say = (server: DiscordServer, content: string) =>
  request(server, 'POST', `/channels/${server.general.id}/messages`, { content });

describe('a request', () => {
  test('without the token is refused', async () => {
    const server = await openServer();
    const { status } = await request(server, 'GET', '/users/@me', undefined, 'wrong');
    expect(status).toBe(401);
  });

  test('to what there is not, or in a way that there is not, is refused', async () => {
    const server = await openServer();
    const { restUrl } = server;
    expect((await request(server, 'GET', '/nothing')).status).toBe(404);
    expect((await request(server, 'PUT', '/users/@me')).status).toBe(405);
    expect((await fetch(restUrl.replace('/api', '/v10/gateway'))).status).toBe(404);
  });

  test('with a body that is no JSON is refused', async () => {
    const server = await openServer();
    const path = `${server.restUrl}/v10/channels/${server.general.id}/messages`;
    const headers = { authorization: `Bot ${server.token}`, 'content-type': 'application/json' };
    const answer = await fetch(path, { method: 'POST', headers, body: '{' });
    expect(await answer.json()).toMatchObject({ code: 50_109 });
  });
});

describe('limits', () => {
  test('are told in headers, and over them is a 429 with the time to wait', async () => {
    const server = await openServer({ limits: strictLimits });
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => say(server, `${index}`)));
    const over = answers.find(({ status }) => status === 429);
    const left = answers.map(({ headers }) => Number(headers.get('x-ratelimit-remaining')));
    expect(left.sort((one, other) => one - other)).toEqual([0, 0, 1, 2, 3, 4]);
    if (!over) throw new Error('none was refused');
    const { retry_after: seconds, global } = (await over.json()) as { retry_after: number; global: boolean };
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(5);
    expect([global, over.headers.get('x-ratelimit-scope')]).toEqual([false, 'user']);
    expect(server.messagesIn(server.general)).toHaveLength(5);
  });

  test('have a bucket for each channel', async () => {
    const server = await openServer({ limits: strictLimits });
    for (let index = 0; index < 5; index += 1) await say(server, 'x');
    const other = server.addChannel('other');
    const { status } = await request(server, 'POST', `/channels/${other.id}/messages`, { content: 'x' });
    expect(status).toBe(200);
  });

  test('hold for all requests together', async () => {
    const server = await openServer({ limits: { ...strictLimits, global: { limit: 2, windowMs: 60_000 } } });
    for (const path of ['/users/@me', '/gateway/bot']) expect((await request(server, 'GET', path)).status).toBe(200);
    const over = await request(server, 'GET', '/applications/@me');
    expect([over.status, await over.json()]).toEqual([429, expect.objectContaining({ global: true })]);
  });

  test('are waited for by discord.js', async () => {
    const server = await openServer();
    const bot = await logIn(server);
    const channel = await bot.channels.fetch(server.general.id);
    if (!channel?.isSendable()) throw new Error('no channel');
    const on = 'POST /channels/:channel/messages';
    server.trouble({ on, what: { kind: 'rate-limit', retryAfterMs: 20 } });
    await channel.send('x');
    expect(server.requests.filter(({ name }) => name === on).map(({ status }) => status)).toEqual([429, 200]);
  });
});

describe('trouble', () => {
  test('an answer that is dropped was acted upon; a request that is dropped was not', async () => {
    const server = await openServer();
    server.trouble({ what: { kind: 'drop-answer' } });
    await expect(say(server, 'stored')).rejects.toThrow('fetch failed');
    server.trouble({ what: { kind: 'drop-request' } });
    await expect(say(server, 'lost')).rejects.toThrow('fetch failed');
    expect(server.messagesIn(server.general).map(({ content }) => content)).toEqual(['stored']);
  });

  test('is met so many times, by the requests that it is for', async () => {
    const server = await openServer();
    const on = 'POST /channels/:channel/messages';
    server.trouble({
      on,
      times: 2,
      when: ({ path }) => path.includes(server.general.id),
      what: { kind: 'status', status: 500 },
    });
    expect((await request(server, 'GET', '/users/@me')).status).toBe(200);
    expect([(await say(server, 'a')).status, (await say(server, 'b')).status, (await say(server, 'c')).status]).toEqual(
      [500, 500, 200],
    );
  });

  test('can hold requests up until the test says so', async () => {
    const server = await openServer();
    const going = new EventTarget();
    server.trouble({ what: { kind: 'wait', until: once(going, 'go') } });
    const sent = say(server, 'x');
    await server.until(() => server.requests.length === 1, 'the request');
    expect(server.messagesIn(server.general)).toEqual([]);
    going.dispatchEvent(new Event('go'));
    expect((await sent).status).toBe(200);
  });
});

describe('members and roles', () => {
  test('are those of the guild; who left it is unknown there', async () => {
    const server = await openServer();
    const rest = openRest(server);
    const role = server.addRole('ops');
    const ada = server.addPerson('ada', [role.id]);
    const member = () => rest.get(Routes.guildMember(server.guild.id, ada.id));
    expect(await member()).toMatchObject({ user: { id: ada.id }, roles: [role.id] });
    ada.setRoles([]);
    expect(await member()).toMatchObject({ roles: [] });
    ada.leave();
    expect(await refusalOf(member())).toMatchObject({ code: 10_007 });
    expect(await refusalOf(rest.get(Routes.guildMember(server.guild.id, '123')))).toMatchObject({ code: 10_013 });
  });

  test('a guild that sent the bot out is unknown, and its channels are closed', async () => {
    const server = await openServer();
    const rest = openRest(server);
    server.kickBot();
    expect(await refusalOf(rest.get(Routes.guild(server.guild.id)))).toMatchObject({ code: 10_004 });
    expect(await refusalOf(rest.get(Routes.channel(server.general.id)))).toMatchObject({ code: 50_001 });
  });
});
