import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { startBot } from '../support/bot-process.ts';
import { runNightdesk, type Ended } from '../support/nightdesk-command.ts';
import { claudePath } from '../support/run-claude.ts';
import { makeRepository, tempFolder } from '../support/temp-repository.ts';

let root: string;
let env: Record<string, string>;

beforeEach(() => {
  root = tempFolder();
  mkdirSync(join(root, 'home'));
  makeRepository(join(root, 'project'), {});
  env = { PATH: '/usr/bin:/bin', HOME: join(root, 'home'), ANTHROPIC_API_KEY: 'sk-dummy' };
  write({});
});

const write = (claude: object): void =>
  writeFileSync(
    join(root, 'nightdesk.yaml'),
    JSON.stringify({
      dataDirectory: 'data',
      claude: { command: claudePath, env: ['ANTHROPIC_API_KEY'], ...claude },
      projects: { api: { path: 'project' } },
      web: { port: 0 },
    }),
  );
const doctor = (...args: string[]): Promise<Ended> => runNightdesk(['doctor', ...args], { cwd: root, env });

test('with the real CLI and a bot that runs nothing is a fault, and the exit code is 0', async () => {
  const bot = await startBot(join(root, 'nightdesk.yaml'), env);
  try {
    const { code, stdout, stderr } = await doctor();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`✅ bot: it runs, and answers at ${bot.url}`);
    expect(stdout).toContain('✅ login of Claude Code: an API key (ANTHROPIC_API_KEY): runs are billed to the API');
    expect(stdout).toContain('✅ messages: all are delivered');
    expect(stdout).toMatch(/\n\n0 faults, \d warnings?\.\n$/);
  } finally {
    await bot.end('SIGTERM');
  }
});

test('with a fault the exit code is 1, and below the fault stands what to do', async () => {
  write({ env: [] });
  const { code, stdout, stderr } = await doctor();
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /❌ login of Claude Code: .*ANTHROPIC_API_KEY.*\n {5}write:\n {5}claude:\n {7}env: \[ANTHROPIC_API_KEY\]\n/,
  );
  expect(stdout).toMatch(/\n1 fault, \d warnings?\.\n$/);
  expect(stderr).toBe('Runs will fail like this. Below each ❌ stands what to do.\n');
});

test('speaks JSON', async () => {
  write({ env: [] });
  const { code, stdout } = await doctor('--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    isOk: false,
    isService: false,
    configuration: join(root, 'nightdesk.yaml'),
    findings: expect.arrayContaining([
      expect.objectContaining({ check: 'login of Claude Code', state: 'fault', toDo: expect.any(String) }),
      { check: 'project api', state: 'ok', said: `${join(root, 'project')}, from main` },
    ]),
  });
});

test('--service checks with what a service manager sets, and not with what the terminal has', async () => {
  env['PATH'] = `/nowhere:${env['PATH']}`;
  const { stdout } = await doctor('--service', '--json');
  const { findings } = JSON.parse(stdout) as { findings: { check: string; said: string }[] };
  const lent = findings.find(({ said }) => said.startsWith('ANTHROPIC_API_KEY is taken from this terminal'));
  expect(lent).toMatchObject({ check: 'configuration', state: 'warning' });
  expect(stdout).not.toContain('/nowhere');
});

test('makes no data directory: that is for the bot', async () => {
  expect((await doctor()).stdout).toContain('made at the first start');
  expect(existsSync(join(root, 'data'))).toBe(false);
});
