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
let model: ScriptedModel;
let bot: BotProcess | undefined;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-e2e-')));
  mkdirSync(path.join(root, 'home'));
  makeRepository(path.join(root, 'project'), answerProject);
});
afterEach(async () => {
  await bot?.end('SIGTERM');
  await model.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

async function start(): Promise<BotProcess> {
  const env = model.env(path.join(root, 'home'));
  const names = Object.keys(env).filter((name) => name !== 'PATH' && name !== 'HOME');
  const config = path.join(root, 'nightdesk.yaml');
  const yaml = {
    dataDirectory: 'data',
    claude: { command: [claudePath], env: names },
    projects: { api: { path: 'project' } },
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ ...yaml, web: { port: 0, people: ['ada'] } }));
  bot = await startBot(config, env);
  return bot;
}

const type = (text: string) => bot?.api('command', { channel: 'general', text });
const isThere = (name: string) => () => expect(existsSync(path.join(root, 'data', name))).toBe(true);
const slow: Script = [[bash('touch started; sleep 3; echo 42 > answer.txt'), say('The answer is 42 now.')]];

async function thread(): Promise<string> {
  if (bot === undefined) return '';
  const { messages } = (await bot.api('channels/general/messages')) as { messages: { id: number; text: string }[] };
  const texts: string[] = [];
  for (const message of messages) {
    const replies = (await bot.api(`threads/${message.id}/messages`)) as { messages: { text: string }[] };
    texts.push(message.text, ...replies.messages.map((reply) => reply.text));
  }
  return texts.join('\n');
}

test('a bot that is killed in the middle of an attempt goes on with it when it is started again, and tells it once', async () => {
  model = await startScriptedModel(slow);
  await start();
  await type('schedule set the answer right --name answer --accept "$ bash check.sh" --when now');
  await vi.waitFor(isThere('worktrees/r1/started'), { timeout: 20_000 });
  await bot?.end('SIGKILL');
  await start();
  await vi.waitFor(async () => expect(await thread()).toContain('✅ answer r1 succeeded'), { timeout: 20_000 });
  const told = await thread();
  expect(told.match(/r1 succeeded/g)).toHaveLength(1);
  expect(told.match(/✅ `bash check\.sh` failed before, passes now/g)).toHaveLength(1);
  expect(model.turns().filter((request) => request.turn === 1)).toHaveLength(1);
});

test('an attempt that ends while no bot runs has its true outcome told by the next one', async () => {
  model = await startScriptedModel(slow);
  await start();
  await type('schedule set the answer right --name answer --accept "$ bash check.sh" --when now');
  await vi.waitFor(isThere('worktrees/r1/started'), { timeout: 20_000 });
  expect(await bot?.end('SIGTERM')).toEqual({ code: 0, signal: null });
  await vi.waitFor(isThere('runs/r1/1/claude/outcome.json'), { timeout: 20_000 });
  await start();
  await vi.waitFor(async () => expect(await thread()).toContain('✅ answer r1 succeeded'), { timeout: 20_000 });
});

test('a second bot on the same data directory refuses, and names the first', async () => {
  model = await startScriptedModel([]);
  const first = await start();
  await expect(startBot(path.join(root, 'nightdesk.yaml'), model.env(path.join(root, 'home')))).rejects.toThrow(
    new RegExp(`is in use by nightdesk .*process ${first.child.pid}`),
  );
});
