import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { startBot, type BotProcess } from '../../support/bot-process.ts';
import { allPlatforms } from '../../support/platforms/all-platforms.ts';
import type { ProcessStage } from '../../support/platforms/platform.ts';
import { makeRepository } from '../../support/temp-repository.ts';

/** Two starts of the whole program, on a busy machine. */
const twoStartsMs = 180_000;

describe.each(allPlatforms)('on $name', (platform) => {
  let root: string;
  let stage: ProcessStage;
  let bot: BotProcess;
  afterEach(async () => {
    await bot.end('SIGTERM');
    await stage.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }, twoStartsMs);

  async function start(): Promise<void> {
    const config = path.join(root, 'nightdesk.yaml');
    const yaml = {
      dataDirectory: 'data',
      claude: { command: [process.execPath] },
      projects: { api: { path: 'project' } },
      web: { port: 0, people: ['ada'] },
      ...stage.config,
    };
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(yaml));
    bot = await startBot(config, { PATH: process.env['PATH'] ?? '', HOME: path.join(root, 'home'), ...stage.env });
  }

  test(
    'a message stands there once, also where nightdesk is killed between sending it and keeping that',
    async () => {
      root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-killed-')));
      mkdirSync(path.join(root, 'home'));
      makeRepository(path.join(root, 'project'), { 'README.md': 'a project\n' });
      stage = await platform.startForProcess();
      await start();
      await stage.connected(1);
      const killed = stage.onStored('tidy scheduled by', () => bot.child.kill('SIGKILL'), bot);
      stage.type('schedule', { goal: 'tidy the docs', project: 'api', name: 'tidy' }, bot);
      await killed;
      await bot.end('SIGKILL');
      await start();
      await stage.connected(2);
      stage.type('schedule', { goal: 'mend the links', project: 'api', name: 'links' }, bot);
      // What is told later comes behind it.
      await vi.waitFor(async () => expect((await stage.texts(bot)).join('\n')).toContain('links scheduled by'), {
        timeout: 60_000,
      });
      const texts = await stage.texts(bot);
      expect(texts.filter((text) => text.includes('tidy scheduled by'))).toHaveLength(1);
      expect(texts).toHaveLength(2);
    },
    twoStartsMs,
  );
});
