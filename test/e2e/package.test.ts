import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test, vi } from 'vitest';

import { startBot } from '../support/bot-process.ts';
import { claudePath } from '../support/run-claude.ts';
import { bash, say } from '../support/script.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import { answerProject } from '../support/story.ts';
import { makeRepository } from '../support/temp-repository.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

test('the published package, installed in an empty folder, runs a job', async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-package-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const installed = install(root);
  const main = path.join(installed, 'node_modules/nightdesk/dist/main.js');
  expect(existsSync(path.join(installed, 'node_modules/.bin/nightdesk'))).toBe(true);

  const home = path.join(root, 'home');
  mkdirSync(home);
  makeRepository(path.join(root, 'project'), answerProject);
  const model = await startScriptedModel([[bash('echo 42 > answer.txt'), say('The answer is 42 now.')]]);
  onTestFinished(() => model.close());
  const env = model.env(home);
  const config = path.join(installed, 'nightdesk.yaml');
  const names = Object.keys(env).filter((name) => name !== 'PATH' && name !== 'HOME');
  const claude = { command: [claudePath], env: names };
  const projects = { api: { path: path.join(root, 'project') } };
  writeFileSync(config, JSON.stringify({ claude, projects, web: { port: 0, people: ['ada'] } }));

  const bot = await startBot(config, env, main);
  try {
    const nightdesk = (...args: string[]): string =>
      execFileSync(process.execPath, [main, ...args], { cwd: installed, env, encoding: 'utf8' });
    const reply = nightdesk(
      'claude',
      'schedule set the answer right --name answer --accept "$ bash check.sh" --when now',
    );
    expect(reply).toContain('answer scheduled by @ada');
    await vi.waitFor(() => expect(nightdesk('show', 'r1')).toContain('✅ answer r1 succeeded'), {
      timeout: 60_000,
      interval: 500,
    });
    expect(JSON.parse(nightdesk('history', '--json'))).toMatchObject({ runs: [{ id: 'r1', status: 'succeeded' }] });
    expect(JSON.parse(nightdesk('show', 'answer', '--json'))).toMatchObject({ job: { checks: ['$ bash check.sh'] } });
    expect(nightdesk('log', 'answer', '--follow')).toContain('The answer is 42 now.');
    expect(nightdesk('log', 'r1', '--json')).toContain('The answer is 42 now.');
    const page = await fetch(bot.url);
    expect(await page.text()).toContain('<title>');
  } finally {
    expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }
}, 240_000);

/** Packs the checkout and installs the tarball, with nothing but npm, in a folder of its own. */
function install(root: string): string {
  const npm = (cwd: string, ...args: string[]): void => {
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  npm(checkout, 'pack', '--pack-destination', root);
  const tarball = readdirSync(root).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  const folder = path.join(root, 'installed');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  npm(folder, 'install', '--prefer-offline', path.join(root, tarball));
  return folder;
}
