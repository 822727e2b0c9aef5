import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { Events, type Client } from 'discord.js';
import { afterEach, describe, expect, test, vi } from 'vitest';

import Database from 'better-sqlite3';
import pino from 'pino';

import { retryMs } from '../../../src/bots/discord/connect.ts';
import { createDiscordChat } from '../../../src/bots/discord/discord-chat.ts';
import { watchEnd } from '../../../src/bots/discord/gateway.ts';
import { createIdentifyLimit, paceMs } from '../../../src/bots/discord/identify-limit.ts';
import { logGateway } from '../../../src/bots/discord/log-gateway.ts';
import type { ChatHandlers, Reply } from '../../../src/bots/chat.ts';
import { startDiscordDesk, type DiscordDesk } from '../../support/discord-desk.ts';
import type { Shown } from '../../support/discord-server/acts/interact.ts';

let lab: DiscordDesk | undefined;
afterEach(async () => {
  await lab?.stop();
  lab = undefined;
});

const registrations = ({ server }: DiscordDesk) =>
  server.requests.filter(({ method, path }) => method === 'POST' && path.includes('/commands')).length;

/** The names of the commands that Discord knows: everywhere, and in the server. */
const commandNames = ({ server }: DiscordDesk) =>
  ['global', server.guild.id].map((place) => (server.world.commands.get(place) ?? []).map(({ name }) => name));
/** The bot has looked at both places since its start; what it found to be done is done. */
const isSettled = ({ server }: DiscordDesk, from: number) => {
  const looks = server.requests.slice(from).filter(({ path }) => path.includes('/commands'));
  const isInBoth = ['/applications/:application/commands', '/applications/:application/guilds/:guild/commands'].every(
    (place) => looks.some(({ name }) => name === `GET ${place}`),
  );
  return isInBoth && looks.every(({ status }) => status !== undefined);
};

const directMessage = ({ server }: DiscordDesk) =>
  [...server.world.channels.values()].find(({ type, messages }) => type === 1 && messages.size > 0);
/** How far the time of Discord and of the chat is ahead. */
let aheadMs = 0;

describe('the command', () => {
  test('is registered once, and again when its definition has changed', async () => {
    const desk = (lab = await startDiscordDesk());
    expect(registrations(desk)).toBe(1);
    await desk.bot.stop();
    const from = desk.server.requests.length;
    const same = await desk.restart();
    await desk.server.until(() => isSettled(desk, from), 'a look');
    expect(registrations(desk)).toBe(1);
    await same.stop();
    desk.server.world.commands.get('global')![0]!['description'] = 'something else';
    await desk.restart();
    await desk.server.until(() => registrations(desk) === 2, 'the registration');
    expect(commandNames(desk)).toEqual([['claude'], []]);
  });

  test.each([
    ['another name', { commandName: '/night' }, [['night', 'theirs'], []]],
    ['one server', { isForGuild: true }, [['theirs'], ['claude']]],
    ['another name in one server', { commandName: '/night', isForGuild: true }, [['theirs'], ['night']]],
  ])(
    'given %s by the configuration is not at its old place any more, and what others registered stays',
    async (...given) => {
      const [, change, names] = given;
      const desk = (lab = await startDiscordDesk());
      const others = { type: 1, id: '1', version: '1', name: 'theirs', description: 'Something of another program.' };
      desk.server.world.commands.get('global')!.push(others);
      await desk.bot.stop();
      await desk.restart(change);
      const sorted = () => commandNames(desk).map((each) => each.toSorted());
      await expect.poll(sorted, { timeout: 10_000 }).toEqual(names);
      await desk.server.until(() => desk.server.requests.every(({ status }) => status !== undefined), 'all answers');
      expect(sorted()).toEqual(names);
    },
  );

  test('is registered in the configured server alone, and in all of them once none is configured', async () => {
    const desk = (lab = await startDiscordDesk({ isForGuild: true }));
    expect(commandNames(desk)).toEqual([[], ['claude']]);
    await desk.bot.stop();
    await desk.restart({ isForGuild: false });
    await expect.poll(() => commandNames(desk), { timeout: 10_000 }).toEqual([['claude'], []]);
  });

  test('is registered also where a server does not let the bot look at its commands', async () => {
    const refusal = { kind: 'status', status: 403, body: { message: 'Missing Access', code: 50_001 } } as const;
    const desk = (lab = await startDiscordDesk());
    await desk.bot.stop();
    desk.server.trouble({ on: 'GET /applications/:application/guilds/:guild/commands', what: refusal });
    const from = desk.server.requests.length;
    const bot = await desk.restart({ commandName: '/night' });
    await desk.server.until(() => isSettled(desk, from), 'a look');
    expect(commandNames(desk)).toEqual([['night'], []]);
    expect(bot.log.filter(({ level }) => level >= 50)).toEqual([]);
  });
});

describe('a broken line', () => {
  test('is taken up again, and what was done meanwhile is carried out once', async () => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    server.gateway.disconnect();
    await server.until(() => server.gateway.sockets.size === 0, 'the end of the line');
    const shown = ada.command('claude schedule', { goal: 'fix it', project: 'api', name: 'fixer' });
    await (await shown).answer();
    expect(server.gateway).toMatchObject({ resumes: 1, identifies: 1 });
    expect(bot.store.jobs.list()).toHaveLength(1);
    expect(bot.log.map(({ msg }) => msg)).toContain('The session with Discord goes on');
    expect(bot.chat.isConnected?.()).toBe(true);
  });

  test('with a session that Discord has ended begins a new one', async () => {
    const { server, ada } = (lab = await startDiscordDesk());
    const endedAt = performance.now();
    server.gateway.invalidate(false);
    await server.until(() => server.gateway.identifies === 2, 'a new session', 15_000);
    // Discord takes one in 5 s.
    expect(performance.now() - endedAt).toBeGreaterThan(4_990);
    expect((await (await ada.command('claude projects')).answer()).content).toContain('api');
    expect(lab.bot.log.some(({ msg }) => msg.includes('has ended the session'))).toBe(true);
  }, 20_000);
});

describe('a gateway that takes no connection', () => {
  test('for three minutes ends the session, however often it was tried meanwhile', async () => {
    vi.useFakeTimers();
    const client = new EventEmitter() as unknown as Client;
    const ends: unknown[] = [];
    const watch = watchEnd(client, new AbortController().signal);
    void watch.end.then((end) => ends.push(end));
    const fail = async (seconds: number): Promise<void> => {
      for (let tries = 0; tries < seconds; tries += 1) {
        client.emit(Events.ShardReconnecting, 0);
        await vi.advanceTimersByTimeAsync(1_000);
      }
    };
    try {
      await fail(179);
      client.emit(Events.ShardResume, 0, 0);
      await fail(179);
      expect(ends).toEqual([]);
      await fail(1);
      expect(ends).toEqual([{ why: 'the session could not be resumed', isFinal: false }]);
    } finally {
      watch.stop();
      vi.useRealTimers();
    }
  });

  test('is said once, with why, until a session goes on', () => {
    const client = new EventEmitter() as unknown as Client;
    const warned: string[] = [];
    const write = (text: string): void => {
      const { err, msg } = JSON.parse(text) as { err?: { message: string }; msg: string };
      warned.push(err?.message ?? msg);
    };
    logGateway(client, pino({ level: 'warn' }, { write }));
    const fail = (why: string): void => {
      client.emit(Events.ShardReconnecting, 0);
      client.emit(Events.ShardError, new Error(why), 0);
    };
    for (const why of ['503', '503', 'no such host', '503']) fail(why);
    client.emit(Events.ShardResume, 0, 0);
    fail('503');
    const gone = 'The connection to Discord is gone; it is taken up again';
    expect(warned).toEqual([gone, '503', 'no such host', gone, '503']);
  });

  test('is tried again by one session, and no other is left beside it', async () => {
    const desk = (lab = await startDiscordDesk());
    const { server } = desk;
    await desk.bot.stop();
    server.gateway.shut('at once');
    const bot = await desk.restart();
    await server.until(() => server.gateway.door.refused > 0, 'a refusal');
    server.gateway.open();
    await server.until(() => bot.chat.isConnected?.(), 'a session');
    await bot.chat.stop();
    // What is left would be resumed, or begun anew, half a second later.
    await server.until(() => server.gateway.sockets.size === 0, 'the end of all lines');
    expect(server.gateway.identifies).toBe(2);
    expect(bot.log.filter(({ level }) => level >= 50).map(({ msg }) => msg)).toEqual([
      'Not connected to Discord: Unexpected server response: 503',
    ]);
  });

  test('and leaves the bot without an answer keeps it neither from stopping nor ends it', async () => {
    const { server, bot } = (lab = await startDiscordDesk());
    const { door } = server.gateway;
    server.gateway.shut('when asked');
    server.gateway.disconnect();
    await server.until(() => door.waiting.length === 1, 'another try');
    const since = performance.now();
    await bot.chat.stop();
    expect(performance.now() - since).toBeLessThan(10_000);
    for (const refuse of door.waiting) refuse();
    // An error that nobody hears would end the process.
    const heard = () => bot.log.filter(({ msg }) => msg === 'The connection to Discord has a fault');
    await expect.poll(() => heard().length, { timeout: 10_000 }).toBe(1);
  });
});

describe('a slow desk', () => {
  test('does not keep who types on, or others, from being acknowledged while the store is locked', async () => {
    const { server, ada, bot } = (lab = await startDiscordDesk());
    const locked = new Database(bot.databasePath);
    const people = [ada, ...['ben', 'eve', 'kim'].map((name) => server.addPerson(name))];
    locked.exec('BEGIN IMMEDIATE');
    const shown = await Promise.all(people.map((person) => person.command('claude list')));
    locked.exec('ROLLBACK');
    locked.close();
    expect(Math.max(...shown.map(({ tookMs }) => tookMs))).toBeLessThan(1000);
    await Promise.all(shown.map((each) => each.answer()));
  });

  test('is announced within a second, and its answer follows', async () => {
    const slow = Promise.withResolvers<void>();
    const wrap = (handlers: ChatHandlers): ChatHandlers => ({
      ...handlers,
      onText: async (...args): Promise<Reply> => {
        await slow.promise;
        return handlers.onText(...args);
      },
    });
    const { ada } = (lab = await startDiscordDesk({ wrap }));
    const [first, second] = await Promise.all([ada.command('claude projects'), ada.command('claude list')]);
    expect([first.kind, second.kind]).toEqual(['deferred', 'deferred']);
    expect(Math.max(first.tookMs, second.tookMs)).toBeLessThan(1000);
    slow.resolve();
    expect((await first.answer()).content).toContain('api');
    expect((await second.answer()).content).toMatch(/job/);
  });

  test.each([
    [
      'does not take it any more',
      (desk: DiscordDesk, { interaction }: Shown) => void desk.server.world.interactions.delete(interaction.token),
      1,
    ],
    ['has waited for a quarter of an hour', () => void (aheadMs = 15 * 60_000), 0],
  ])('has its answer told by direct message where Discord %s', async (_, spoil, tries) => {
    const slow = Promise.withResolvers<void>();
    const wrap = (handlers: ChatHandlers): ChatHandlers => ({
      ...handlers,
      onText: async (...args): Promise<Reply> => {
        await slow.promise;
        return handlers.onText(...args);
      },
    });
    aheadMs = 0;
    const desk = (lab = await startDiscordDesk({ wrap, server: { now: () => Date.now() + aheadMs } }));
    const { server } = desk;
    const shown = await desk.ada.command('claude projects');
    expect(shown.kind).toBe('deferred');
    spoil(desk, shown);
    slow.resolve();
    const direct = await server.until(() => directMessage(desk), 'a direct message');
    expect(JSON.stringify(server.messagesIn(direct))).toContain('secret');
    // A token that is known to be over is not tried.
    expect(server.requests.filter(({ name }) => name.startsWith('PATCH /webhooks/'))).toHaveLength(tries);
    expect(desk.bot.faults).toEqual([]);
  });
});

describe('a limit on answers', () => {
  const answering = 'POST /interactions/:interaction/:token/callback';

  test('is waited for, and logged without the token of the interaction', async () => {
    const desk = (lab = await startDiscordDesk());
    desk.server.trouble({ on: answering, what: { kind: 'rate-limit', retryAfterMs: 300 } });
    const shown = await desk.ada.command('claude projects');
    expect((await shown.answer()).content).toContain('secret');
    const said = desk.bot.log.filter(({ msg }) => msg === 'Discord asks for a pause');
    expect(said).toHaveLength(1);
    expect(JSON.stringify(desk.bot.log)).not.toContain(shown.interaction.token);
  });

  test.each([
    ['for longer than anybody waits', { kind: 'rate-limit', retryAfterMs: 90_000 }],
    ['without a time', { kind: 'status', status: 429, body: { message: 'limited', retry_after: 1 } }],
  ] as const)('%s has the answer told by direct message, and is not asked again', async (_, what) => {
    const desk = (lab = await startDiscordDesk());
    desk.server.trouble({ on: answering, what, times: 5 });
    const from = desk.server.requests.length;
    const shown = desk.ada.command('claude projects');
    const direct = await desk.server.until(() => directMessage(desk), 'a direct message');
    expect(JSON.stringify(desk.server.messagesIn(direct))).toContain('secret');
    expect(desk.server.requests.slice(from).filter(({ name }) => name === answering)).toHaveLength(1);
    desk.bot.faults.splice(0);
    await shown;
  });
});

describe('a Discord that can not be reached', () => {
  test('keeps nobody waiting, is said once, and does not keep the bot from stopping', async () => {
    const log: { msg: string; level: number }[] = [];
    const chat = createDiscordChat({
      token: 'token',
      // Nothing listens there.
      restUrl: 'http://127.0.0.1:1/api',
      commandName: '/claude',
      pageUrl: () => undefined,
      now: () => new Date(),
      onFault: () => 'fault',
      log: pino({ level: 'debug' }, { write: (text) => void log.push(JSON.parse(text) as (typeof log)[number]) }),
    });
    await chat.start({} as ChatHandlers);
    await expect.poll(() => log.length, { timeout: 5_000 }).toBeGreaterThan(0);
    await expect.poll(() => log.length, { timeout: 10_000 }).toBeGreaterThan(1);
    await chat.stop();
    expect(log.filter(({ level }) => level >= 50)).toHaveLength(1);
    expect(log[0]?.msg).toContain('Not connected to Discord');
  }, 20_000);
});

test('a Discord that does not answer who logs in keeps the bot from stopping no longer than one that does', async () => {
  const desk = (lab = await startDiscordDesk());
  await desk.bot.stop();
  const answer = Promise.withResolvers<void>();
  desk.server.trouble({ on: 'GET /gateway/bot', what: { kind: 'wait', until: answer.promise } });
  const from = desk.server.requests.length;
  const bot = await desk.restart();
  await desk.server.until(() => desk.server.requests.length > from, 'the question');
  const stopped = bot.stop().then(() => 'stopped');
  // Only a Discord that answers would end it otherwise.
  expect(await Promise.race([stopped, sleep(5_000, 'not stopped', { ref: false })])).toBe('stopped');
  answer.resolve();
});

test('a connection that failed is tried again a minute later at most, a token that was refused after a quarter of an hour', () => {
  expect([1, 2, 3, 5, 6, 50, 2_000].map((failures) => retryMs(false, failures))).toEqual([
    2_000, 4_000, 8_000, 32_000, 60_000, 60_000, 60_000,
  ]);
  expect([1, 50].map((failures) => retryMs(true, failures))).toEqual([900_000, 900_000]);
});

describe('a token that is refused', () => {
  test('is said once, with what to do, and does not keep the bot from stopping', async () => {
    const { server, bot } = (lab = await startDiscordDesk());
    expect(bot.chat.isConnected?.()).toBe(true);
    server.revokeToken();
    server.gateway.disconnect(4004);
    const refused = () => bot.log.filter(({ msg }) => msg.includes('refuses the token'));
    await expect.poll(() => refused().length, { timeout: 10_000 }).toBe(1);
    expect(refused()[0]?.msg).toContain('DISCORD_TOKEN');
    expect(bot.chat.isConnected?.()).toBe(false);
  });
});

describe('the identifies of a day', () => {
  test.each([
    [1000, 1000, 86_400_000, 0],
    [1000, 501, 86_400_000, 0],
    [1000, 500, 49_500_000, 100_000],
    [1000, 6, 60_000, 60_000],
    [1000, 0, 3_600_000, 3_600_000],
  ])('of %i with %i left and full again in %i ms: a wait of %i ms', (total, remaining, resetAfterMs, wait) => {
    expect(paceMs({ total, remaining, resetAfterMs })).toBe(wait);
  });

  test('are waited for, longer with each session that did not last, and go on where an abort broke the wait', async () => {
    let at = 0;
    const slept: number[] = [];
    const said: string[] = [];
    const limit = createIdentifyLimit({
      read: async () => ({ total: 1000, remaining: 900, reset_after: 86_400_000, max_concurrency: 1 }),
      now: () => new Date(at),
      sleep: async (ms, signal) => {
        slept.push(ms);
        signal.throwIfAborted();
        at += ms;
      },
      log: { warn: (_: object, text: string) => said.push(text) } as never,
    });
    const { signal } = new AbortController();
    for (let session = 0; session < 4; session += 1) {
      await limit.admit(signal);
      limit.use();
    }
    expect(slept).toEqual([0, 5_000, 10_000, 20_000]);
    await expect(limit.admit(AbortSignal.abort())).rejects.toThrow('aborted');
    at += 30_000;
    await limit.admit(signal);
    expect(slept.slice(4)).toEqual([40_000, 10_000]);
    expect(said).not.toEqual([]);

    // The clock is set back by an hour, first between two sessions, then in the middle of a wait.
    limit.use();
    at -= 3_600_000;
    await limit.admit(signal);
    limit.use();
    await expect(limit.admit(AbortSignal.abort())).rejects.toThrow('aborted');
    at -= 3_600_000;
    await limit.admit(signal);
    expect(slept.slice(6)).toEqual([0, 5_000, 0]);
  });

  test('are low when the bot starts: it waits before it connects, and says so', async () => {
    const resetAfterMs = 5_500;
    const startedAt = performance.now();
    lab = await startDiscordDesk({ server: { identifyLimit: { total: 1000, remaining: 6, resetAfterMs } } });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(resetAfterMs);
    expect(lab.server.gateway.identifies).toBe(1);
    expect(lab.bot.log.filter(({ msg }) => msg.startsWith('Waiting before the next session'))).toHaveLength(1);
  }, 20_000);
});
