import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nightdesk-cli-')));
  mkdirSync(path.join(root, 'project'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function nightdesk(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: root };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr });
    });
  });
}

describe('nightdesk when', () => {
  test('shows what words mean: the sentence, and the instants in UTC and in the zone', async () => {
    const words = 'first monday of the month at 9am';
    const { code, stdout } = await nightdesk(
      'when',
      words,
      '--zone',
      'Europe/Berlin',
      '--from',
      '2026-11-22T00:00:00Z',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('first Monday of the month at 09:00 Berlin');
    expect(stdout).toContain('2026-12-07T08:00:00Z');
  });

  test('takes words that are not quoted', async () => {
    const { stdout } = await nightdesk(
      'when',
      'tomorrow',
      'at',
      '2am',
      '--zone',
      'UTC',
      '--from',
      '2026-11-22T00:00:00Z',
    );
    expect(stdout).toContain('2026-11-23T02:00:00Z');
  });

  test('speaks JSON', async () => {
    const args = ['--from', '2026-11-22T00:00:00Z', '--zone', 'UTC', '--count', '2', '--json'];
    const { stdout } = await nightdesk('when', 'weekdays at 2am', ...args);
    const { instants } = JSON.parse(stdout) as { instants: { utc: string }[] };
    expect(instants.map(({ utc }) => new Date(utc).toISOString())).toEqual([
      '2026-11-23T02:00:00.000Z',
      '2026-11-24T02:00:00.000Z',
    ]);
  });

  test.each([
    [['weekdyas at 2am'], /Did you mean `weekdays at 2am`/],
    [['0 0 30 2 *'], /0 0 30 2 \*/],
    [['noon', '--count', 'many'], /--count many.*whole number/],
    [['noon', '--from', 'yesterday'], /--from yesterday.*ISO 8601/],
    [['noon', '--zone', 'Europe/Berln'], /Europe\/Berlin/],
  ])('refuses %j with a reason', async (args, reason) => {
    const { code, stdout, stderr } = await nightdesk('when', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(reason);
  });
});

test.each([
  [['strat'], /start/],
  [['list', 'api'], /`list` is a command of chat\. Here: nightdesk claude list api/],
  [['log'], /missing required argument/],
  [['start', '--confg', 'x'], /--config/],
])('%j is not understood, and the nearest is named', async (args, message) => {
  const { code, stderr } = await nightdesk(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('a configuration that is not there, or has faults, is told in full', async () => {
  expect((await nightdesk('start')).stderr).toContain('nightdesk.yaml');
  writeFileSync(path.join(root, 'bad.yaml'), 'projcts: {}\nhost: { concurrency: none }\n');
  const { code, stderr } = await nightdesk('start', '--config', 'bad.yaml');
  expect(code).toBe(1);
  expect(stderr).toMatch(/projcts[^]*projects/);
  expect(stderr).toContain('host.concurrency');
});

test.each([
  ['no text', Buffer.from([0x50, 0x4b, 3, 4, 0, 0xff, 0xfe]), 'it is no text'],
  ['far too long', Buffer.alloc(2_000_000, '#'), 'it has 2,000,000 bytes'],
])('a configuration that is %s is named in a line', async (_what, bytes, reason) => {
  writeFileSync(path.join(root, 'odd.yaml'), bytes);
  const { code, stderr } = await nightdesk('start', '--config', 'odd.yaml');
  expect(code).toBe(1);
  expect(stderr).toContain(reason);
  expect(stderr.length).toBeLessThan(500);
});

test('a command for a bot that is not running says how to start it', async () => {
  writeFileSync(path.join(root, 'good.yaml'), 'dataDirectory: data\nprojects: { api: { path: project } }\n');
  const { code, stderr } = await nightdesk('history', '--config', 'good.yaml');
  expect(code).toBe(1);
  expect(stderr).toContain('`nightdesk start` starts it.');
});

test('a command for a running bot needs none of the variables that the bot gives to Claude', async () => {
  const yaml = 'dataDirectory: data\nclaude: { env: [ANTHROPIC_API_KEY] }\nprojects: { api: { path: project } }\n';
  writeFileSync(path.join(root, 'key.yaml'), yaml);
  expect((await nightdesk('start', '--config', 'key.yaml')).stderr).toContain(
    'ANTHROPIC_API_KEY is not set in the environment',
  );
  expect((await nightdesk('history', '--config', 'key.yaml')).stderr).toContain('`nightdesk start` starts it.');
});

test('help and version are printed', async () => {
  expect((await nightdesk('--help')).stdout).toContain('nightdesk when "first monday of the month at 9am"');
  expect((await nightdesk('--version')).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
});
