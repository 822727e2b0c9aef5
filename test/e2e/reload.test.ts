import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startBot, type BotProcess } from '../support/bot-process.ts';
import { claudePath } from '../support/run-claude.ts';
import { bash, say, type Script } from '../support/script.ts';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.ts';
import { answerProject } from '../support/story.ts';
import { makeRepository } from '../support/temp-repository.ts';

// Bots and Claude Code start several times in a test, which takes a busy machine longer than each of its waits.
vi.setConfig({ testTimeout: 120_000 });

let root: string;
let config: string;
let model: ScriptedModel;
let bot: BotProcess;
let stdout = '';

const script: Script = [
  [bash('touch started; until [ -e ../../../go ]; do sleep 0.1; done; echo 42 > answer.txt'), say('It is 42 now.')],
  [bash('echo 42 > answer.txt'), say('It is 42 there as well.')],
];

beforeEach(async () => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-reload-')));
  config = path.join(root, 'nightdesk.yaml');
  mkdirSync(path.join(root, 'home'));
  for (const name of ['api', 'docs']) makeRepository(path.join(root, name), answerProject);
  model = await startScriptedModel(script);
  write({
    projects: { api: { path: 'api' } },
    alerts: 'web:general',
    host: { concurrency: 1 },
    web: { port: 0, people: ['ada'] },
  });
  bot = await startBot(config, model.env(path.join(root, 'home')));
  stdout = '';
  bot.child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
});
afterEach(async () => {
  writeFileSync(path.join(root, 'go'), '');
  await bot.end('SIGTERM');
  await model.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

function write(yaml: object): void {
  const names = Object.keys(model.env('')).filter((name) => name !== 'PATH' && name !== 'HOME');
  const claude = { command: [claudePath], env: names };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ dataDirectory: 'data', claude, ...yaml }));
}

async function hangUp(logged: string): Promise<void> {
  const before = bot.stderr().length;
  bot.child.kill('SIGHUP');
  await vi.waitFor(() => expect(bot.stderr().slice(before)).toContain(logged), { timeout: 10_000 });
}

const type = async (text: string): Promise<string> =>
  ((await bot.api('command', { channel: 'general', text })) as { text: string }).text;
const untilRun = (run: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect(await bot.api(`runs/${run}`)).toMatchObject({ run: { status } }), { timeout: 20_000 });
const schedule = (project: string): Promise<string> =>
  type(`schedule set the answer right --project ${project} --accept "$ bash check.sh" --when now`);

test('SIGHUP has the configuration read again: for what comes next, without touching what runs', async () => {
  expect(await schedule('docs')).toContain('docs');
  expect(await bot.api('runs')).toMatchObject({ runs: [] });
  await schedule('api');
  await vi.waitFor(() => expect(existsSync(path.join(root, 'data/worktrees/r1/started'))).toBe(true), {
    timeout: 20_000,
  });

  write({
    projects: { api: { path: 'api' }, docs: { path: 'docs' } },
    host: { concurrency: 2 },
    channels: { 'web:general': {}, 'web:night': { project: 'docs' } },
    web: { port: 1, people: ['ada', 'grace'] },
  });
  await hangUp('was read again');
  expect(bot.stderr()).toContain("web.port can't change while nightdesk runs");
  await vi.waitFor(() => expect(stdout).toMatch(/New on the page:\n {2}grace {2}http\S+token=/), {
    timeout: 20_000,
  });
  expect(await bot.api('channels')).toMatchObject({ channels: [{ name: 'general' }, { name: 'night' }] });

  expect(await schedule('docs')).toContain('scheduled');
  await untilRun('r2', 'succeeded');
  expect(await bot.api('runs/r1')).toMatchObject({ run: { status: 'running' } });
  writeFileSync(path.join(root, 'go'), '');
  await untilRun('r1', 'succeeded');
});

test('a configuration with faults is not taken over, and the log and the channel for alerts have all of them', async () => {
  write({ projects: { docs: { path: 'docs' } }, host: { concurrency: 'many' }, web: { prot: 0 } });
  await hangUp('goes on with the one it has');
  expect(bot.stderr()).toContain('web.prot: unknown key. Did you mean `port`?');
  expect(bot.stderr()).toContain('host.concurrency: given \\"many\\"');
  expect(await type('projects')).toContain('api');
  expect(await type('projects')).not.toContain('docs');
  const told = async (): Promise<string> => JSON.stringify(await bot.api('channels/general/messages'));
  await vi.waitFor(async () => expect(await told()).toContain('did not take it over'), { timeout: 20_000 });
  expect(await told()).toContain('web.prot: unknown key');
});
