import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startBot, type BotProcess } from '../support/bot-process.ts';
import { runNightdesk } from '../support/nightdesk-command.ts';
import { claudePath } from '../support/run-claude.ts';
import { bash, say, type Script } from '../support/script.ts';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.ts';
import { answerProject } from '../support/story.ts';
import { makeRepository, tempFolder } from '../support/temp-repository.ts';

let root: string;
let config: string;
let model: ScriptedModel;
let bot: BotProcess | undefined;

const session = [bash('echo 42 > answer.txt'), say('The answer is 42 now.')];
const quick: Script = [session, session];

beforeEach(async () => {
  root = tempFolder();
  mkdirSync(join(root, 'home'));
  makeRepository(join(root, 'project'), answerProject);
  model = await startScriptedModel(quick);
  config = join(root, 'nightdesk.yaml');
  const names = Object.keys(model.env(root)).filter((name) => name !== 'PATH' && name !== 'HOME');
  const yaml = {
    dataDirectory: 'data',
    claude: { command: [claudePath], env: names },
    projects: { api: { path: 'project' } },
    disk: { minFree: '50 MB' },
    web: { port: 0, people: ['ada'] },
  };
  writeFileSync(config, JSON.stringify(yaml));
});
afterEach(async () => {
  await bot?.end('SIGKILL');
  bot = undefined;
  await model.close();
});

const start = async (): Promise<void> => {
  bot = await startBot(config, model.env(join(root, 'home')));
};
const kill = async (): Promise<void> => {
  await bot?.end('SIGKILL');
  bot = undefined;
};
const data = (...names: string[]): string => join(root, 'data', ...names);
const nightdesk = (...args: string[]) =>
  runNightdesk([...args, '--config', config], { cwd: root, env: model.env(join(root, 'home')) });
const type = (text: string) => bot?.api('command', { channel: 'general', text });

interface ListedRun {
  id: string;
  status: string;
}
const runs = async (): Promise<string[]> => {
  const answer = (await bot?.api('runs')) as { runs: ListedRun[] } | undefined;
  return (answer?.runs ?? []).map(({ id, status }) => `${id} ${status}`);
};
async function succeeds(run: string): Promise<void> {
  await vi.waitFor(async () => expect(await runs()).toContain(`${run} succeeded`), { timeout: 50_000, interval: 200 });
}

test('the drill: backed up while it runs, killed, its store spoiled, restored, the bot goes on', async () => {
  await start();
  await type('schedule set the answer right --name answer --accept "$ bash check.sh"');
  await type('run answer');
  await succeeds('r1');
  const backup = join(root, 'backup');
  expect(await nightdesk('backup', '--to', backup)).toMatchObject({ code: 0 });
  expect(readdirSync(backup).sort()).toEqual(['manifest.json', 'nightdesk.db', 'runs', 'web-tokens.json']);
  expect(statSync(backup).mode & 0o777).toBe(0o700);
  // What a run of after the backup leaves.
  mkdirSync(data('runs', 'r2'));
  const busy = await nightdesk('restore', backup);
  expect(busy.code).toBe(1);
  expect(busy.stderr).toMatch(/data is in use by nightdesk .* Stop it before you restore\./);
  const { token } = bot!;
  await kill();
  const spoiled = 'no database at all'.repeat(1_000);
  writeFileSync(data('nightdesk.db'), spoiled);

  const { code, stdout } = await nightdesk('restore', backup);
  expect(code).toBe(0);
  const aside = /What was there is kept in (.*)/.exec(stdout)?.[1] ?? '';
  expect(readFileSync(join(aside, 'nightdesk.db'), 'utf8')).toBe(spoiled);
  expect(readdirSync(join(aside, 'runs')).sort()).toEqual(['r1', 'r2']);
  expect(readdirSync(data()).filter((name) => name.startsWith('restoring'))).toEqual([]);

  await start();
  expect(bot?.token).toBe(token);
  expect(await runs()).toEqual(['r1 succeeded']);
  const log = await fetch(`${bot?.url}/api/runs/r1/log`, { headers: { authorization: `Bearer ${token}` } });
  expect(await log.text()).toContain('The answer is 42 now.');
  await type('run answer');
  // r2 was given out before: its branch and what was told of it are there.
  await succeeds('r3');
}, 120_000);
