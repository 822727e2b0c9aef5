import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { loadConfig } from '../../src/config.ts';
import { runNightdesk, type Ended } from '../support/nightdesk-command.ts';
import { claudePath } from '../support/run-claude.ts';
import { makeRepository, tempFolder } from '../support/temp-repository.ts';

let home: string;
let desk: string;
let path: string;
let env: Record<string, string>;

beforeEach(() => {
  home = tempFolder();
  desk = join(home, 'desk');
  path = join(desk, 'nightdesk.yaml');
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(desk);
  symlinkSync(claudePath, join(home, 'bin/claude'));
  env = { PATH: `${join(home, 'bin')}:/usr/bin:/bin`, HOME: home, TZ: 'Europe/Berlin' };
});

const init = (...args: string[]): Promise<Ended> => runNightdesk(['init', ...args], { cwd: desk, env });

test('writes what it finds, says what that is, and names the next two commands', async () => {
  makeRepository(join(home, 'src/api'), { 'package-lock.json': '{}' });
  makeRepository(join(home, 'code/team/Docs & Notes'), {});
  const { code, stdout } = await init();
  expect(code).toBe(0);
  expect(stdout).toContain(`api         ${join(home, 'src/api')}`);
  expect(stdout).toMatch(/Claude Code: \S+\/bin\/claude, \d+\.\d+/);
  expect(stdout).toContain('Time zone: Europe/Berlin');
  expect(stdout).toMatch(/nightdesk doctor [^]*nightdesk start /);

  const config = loadConfig(path, env);
  expect(config.projects.get('api')).toMatchObject({
    path: join(home, 'src/api'),
    workspace: 'worktree',
    setup: 'npm ci',
  });
  expect(config.projects.get('docs-notes')?.path).toBe(join(home, 'code/team/Docs & Notes'));
  expect(config).toMatchObject({ host: { zone: 'Europe/Berlin' }, claude: { command: ['claude'] }, warnings: [] });
  expect(readFileSync(path, 'utf8')).toMatch(/^# yaml-language-server: \$schema=\S+\/nightdesk\.schema\.json\n/);
});

test('where nothing is found it writes what can be read all the same, and says what is missing', async () => {
  env = { PATH: desk, HOME: home };
  const { code, stdout } = await init('--yes');
  expect(code).toBe(0);
  expect(stdout).toContain('No git repository was found here');
  expect(loadConfig(path, env).warnings).toHaveLength(1);
});

test('a claude outside of the PATH is written with its path', async () => {
  env = { PATH: desk, HOME: home };
  mkdirSync(join(home, '.local/bin'), { recursive: true });
  symlinkSync(claudePath, join(home, '.local/bin/claude'));
  await init();
  expect(loadConfig(path, env).claude.command).toEqual([join(home, '.local/bin/claude')]);
});

test('inside of a repository the data directory is put elsewhere', async () => {
  makeRepository(desk, {});
  await init();
  expect(loadConfig(path, env)).toMatchObject({ dataDirectory: join(home, '.nightdesk') });
  expect(loadConfig(path, env).projects.get('desk')?.path).toBe(desk);
});

test('a token in the environment is passed on by its name, never written', async () => {
  makeRepository(join(home, 'src/api'), {});
  env['CLAUDE_CODE_OAUTH_TOKEN'] = 'the-token-itself';
  await init();
  expect(loadConfig(path, env).claude.env['CLAUDE_CODE_OAUTH_TOKEN']).toBe('the-token-itself');
  expect(readFileSync(path, 'utf8')).not.toContain('the-token-itself');
});

test('never overwrites, and says what is there', async () => {
  makeRepository(join(home, 'src/api'), {});
  const yaml = `projects: { shop: { path: ${join(home, 'src/api')} } }\n`;
  writeFileSync(path, yaml);
  expect(await init('--yes')).toMatchObject({
    code: 1,
    stderr: `${path} is there already, with the project shop. Nothing was written.\n`,
  });
  expect(readFileSync(path, 'utf8')).toBe(yaml);

  writeFileSync(path, 'projcts: {}\n');
  expect((await init()).stderr).toContain("can't be used as it is: `nightdesk doctor` says why");
});

test('a file by another name is written there, and the next commands name it', async () => {
  const { stdout } = await init('--config', 'night.yaml');
  expect(existsSync(join(desk, 'night.yaml'))).toBe(true);
  expect(stdout).toContain('nightdesk start --config night.yaml');
  expect(await init('--config', 'nowhere/night.yaml')).toMatchObject({
    code: 1,
    stderr: `There is no folder ${join(dirname(path), 'nowhere')} to write to.\n`,
  });
});

test('a folder that it may not read does not stop it', async () => {
  makeRepository(join(home, 'src/api'), {});
  mkdirSync(join(home, 'src/locked'));
  chmodSync(join(home, 'src/locked'), 0);
  expect(await init()).toMatchObject({ code: 0 });
  expect([...loadConfig(path, env).projects.keys()]).toEqual(['api']);
});
