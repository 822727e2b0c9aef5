import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { startBot } from '../../support/bot-process.ts';
import { startDiscordServer } from '../../support/discord-server/discord-server.ts';
import { makeRepository } from '../../support/temp-repository.ts';

test(
  'the process that is connected to Discord ends soon after SIGTERM, and says nothing of a lost connection',
  { timeout: 60_000 },
  async () => {
    const server = await startDiscordServer();
    const root = mkdtempSync(path.join(tmpdir(), 'nightdesk-end-'));
    onTestFinished(async () => {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    });
    mkdirSync(path.join(root, 'home'));
    makeRepository(path.join(root, 'project'), { 'README.md': 'A project.\n' });
    const config = path.join(root, 'nightdesk.yaml');
    const sections = {
      claude: { command: [process.execPath] },
      projects: { api: { path: 'project' } },
      web: { port: 0 },
      discord: { restUrl: server.restUrl },
    };
    writeFileSync(config, JSON.stringify({ dataDirectory: 'data', ...sections }));
    const env = { PATH: '/usr/bin:/bin', HOME: path.join(root, 'home'), DISCORD_TOKEN: server.token };
    const bot = await startBot(config, env);
    onTestFinished(() => void bot.child.kill('SIGKILL'));
    await server.until(() => server.gateway.sessions.size > 0, 'a session', 40_000);
    const since = performance.now();
    expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(bot.stderr()).not.toContain('connection to Discord is gone');
  },
);
