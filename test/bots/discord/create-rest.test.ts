import { Routes } from 'discord.js';
import { expect, onTestFinished, test } from 'vitest';

import { createRest } from '../../../src/bots/discord/create-rest.ts';
import { createLog } from '../../../src/cli/create-log.ts';
import { startDiscordServer } from '../../support/discord-server/discord-server.ts';

async function start() {
  const discord = await startDiscordServer();
  const rest = createRest({ api: discord.restUrl, retries: 0 }).setToken(discord.token);
  onTestFinished(async () => {
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
    await discord.close();
  });
  return { discord, rest };
}

test('a token that Discord refused once is not forgotten', async () => {
  const { discord, rest } = await start();
  discord.trouble({ what: { kind: 'status', status: 401, body: { message: '401: Unauthorized', code: 0 } } });
  await expect(rest.get(Routes.user())).rejects.toMatchObject({ status: 401 });
  expect(await rest.get(Routes.user())).toMatchObject({ id: discord.world.bot.id });
});

test.each([
  ['a refusal', { kind: 'status', status: 413, body: { message: 'Request entity too large', code: 40005 } }],
  ['an outage', { kind: 'status', status: 503 }],
] as const)(
  'the error of %s has no file in it, nor the token of an interaction, which the log would have',
  async (_, what) => {
    const { discord, rest } = await start();
    const lines: string[] = [];
    const log = createLog({ level: 'error', isTerminal: false, secrets: [], write: (line) => lines.push(line) });
    for (const route of [
      Routes.channelMessages('1'),
      Routes.webhook('1', 'its-token'),
      Routes.interactionCallback('1', 'its-token'),
    ]) {
      discord.trouble({ what });
      const files = [{ name: 'attempt-1.log', data: Buffer.alloc(100_000) }];
      const error = await rest
        .post(route, { body: { content: 'the log' }, files, auth: false })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ status: what.status });
      log.error({ err: error }, 'A fault');
    }
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(4_000);
    expect(lines.join('')).not.toContain('its-token');
    expect(lines.join('')).toContain('the log');
  },
);
