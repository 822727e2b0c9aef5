import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { examples, leavesOf } from '../../src/cli/explain-usage.ts';
import { createProgram } from '../../src/cli/run-cli.ts';
import { runCliHere } from '../support/cli-in-process.ts';
import type { Ended } from '../support/nightdesk-command.ts';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'nightdesk-bad-')));
  mkdirSync(join(root, 'project'));
  mkdirSync(join(root, 'folder'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('nowhere/at-all', join(root, 'dangling'));
  writeFileSync(join(root, 'file'), 'no database');
  writeFileSync(join(root, 'good.yaml'), 'dataDirectory: data\nprojects: { api: { path: project } }\n');
  writeFileSync(join(root, 'binary.yaml'), Buffer.from([0x70, 0xff, 0xfe, 0]));
  writeFileSync(join(root, 'nul.yaml'), 'projects: { api: { path: project } }\0');
  writeFileSync(join(root, 'broken.yaml'), 'projects: [');
  writeFileSync(join(root, 'large.yaml'), '');
  // 50 MB that take no room.
  truncateSync(join(root, 'large.yaml'), 50 * 1024 * 1024);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const leaves = leavesOf(createProgram({}, { outliveReader: () => undefined }));
const words = (path: string): string[] => path.split(' ');
/** What a command can't do without. */
const needed: Record<string, string[]> = {
  service: ['systemd'],
  when: ['noon'],
  restore: ['file'],
  show: ['r1'],
  log: ['r1'],
};
const whole = (path: string): string[] => [...words(path), ...(needed[path] ?? [])];

const tree = (): string[] => readdirSync(root, { recursive: true }).map(String).sort();

/** Runs it, and holds what is true of every refusal: one message, nothing of the program's inside, nothing written. */
async function refused(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const before = tree();
  const ended = await runCliHere(args, { cwd: root, env });
  expect(ended.stderr).not.toMatch(/\n\s+at |node:internal|file:\/\//);
  expect(ended.stderr).not.toMatch(/\b(?:undefined|\[object)/);
  // oxlint-disable-next-line no-control-regex -- no value that was given may steer the terminal
  expect(ended.stderr).not.toMatch(/[\0-\x08\x0B-\x1F\x7F-\x9F]/);
  expect(ended.stderr.trim()).not.toBe('');
  expect(ended.stderr.length).toBeLessThan(5_000);
  expect(tree()).toEqual(before);
  return ended;
}

test('every command has an example in its help, and no example is of a command that is not there', () => {
  expect(Object.keys(examples).sort()).toEqual(leaves.map(({ path }) => path).sort());
  for (const [path, example] of Object.entries(examples)) expect(example).toContain(`nightdesk ${path}`);
});

// What stands behind `nightdesk claude` is a command of chat, whatever it looks like.
test.each(leaves.filter(({ path }) => path !== 'claude'))(
  'nightdesk $path names a flag that it does not have, and its own use',
  async ({ path }) => {
    const { code, stdout, stderr } = await refused([...whole(path), '--no-such-flag']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("unknown option '--no-such-flag'");
    expect(stderr).toContain(`Usage: nightdesk ${path} `);
    expect(stderr).toContain(`Example: ${examples[path]}`);
  },
);

test.each(leaves.filter(({ command }) => !command.registeredArguments.some(({ variadic }) => variadic)))(
  'nightdesk $path refuses a word too many',
  async ({ path }) => {
    const { code, stderr } = await refused([...whole(path), 'surplus', 'more']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/too many arguments|invalid for argument/);
  },
);

test.each(leaves.filter(({ command }) => command.registeredArguments.some(({ required }) => required)))(
  'nightdesk $path names the word that is missing',
  async ({ path }) => {
    const { code, stderr } = await refused(words(path));
    expect(code).toBe(2);
    expect(stderr).toContain('missing required argument');
    expect(stderr).toContain(`Example: ${examples[path]}`);
  },
);

describe.each(leaves)('nightdesk $path', ({ path, command }) => {
  const valued = command.options.filter(({ required }) => required).map(({ long }) => String(long));
  test.each(valued)('refuses %s without a value, and with an empty one', async (flag) => {
    const missing = await refused([...whole(path), flag]);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('argument missing');
    const empty = await refused([...words(path), `${flag}=`, ...(needed[path] ?? [])]);
    expect(empty).toMatchObject({ code: 2, stdout: '' });
    expect(empty.stderr).toMatch(new RegExp(`${flag} is empty|argument '' is invalid`));
  });

  const configs: [string, RegExp][] = [
    ['nope.yaml', /there is no such file|There is no .*nope\.yaml/],
    ['folder', /is a folder|is not a file/],
    ['loop', /lead in a circle|There is no/],
    ['dangling', /there is no such file|There is no/],
    ['file/sub.yaml', /a part of its path is a file|There is no/],
    [`${'x'.repeat(5_000)}.yaml`, /its name is too long|There is no/],
    ['/dev/full', /it is a device|is not a file/],
    ['a\nb.yaml', /there is no such file|There is no/],
    ['\u001B[31mred.yaml', /x1b\[31mred\.yaml/],
  ];
  const contents: [string, RegExp][] = [
    ['binary.yaml', /it is no text/],
    ['nul.yaml', /it is no text/],
    ['broken.yaml', /line 1, column 12/],
    ['large.yaml', /it has 52,428,800 bytes/],
    ['/proc/self/mem', /the system says EIO/],
  ];
  // Neither reads what is in the file: one would write it, the other prints where it is.
  const readsIt = path !== 'init' && path !== 'service';
  const takesConfig = path !== 'init' && command.options.some(({ long }) => long === '--config');
  test.each(takesConfig ? [...configs, ...(readsIt ? contents : [])] : [])(
    'with the configuration %j says why not',
    async (file, reason) => {
      const { code, stdout, stderr } = await refused([...words(path), `--config=${file}`, ...(needed[path] ?? [])]);
      expect(code).toBe(1);
      // What doctor finds is its result.
      expect(path === 'doctor' ? stdout.replaceAll('\u001B', '\\x1b') : stderr).toMatch(reason);
      expect(path === 'doctor' ? '' : stdout).toBe('');
    },
  );
});

test.each<[string[], RegExp]>([
  [[], /Usage: nightdesk/],
  [[''], /unknown command ''/],
  [['strat'], /Did you mean start/],
  [['no\nsuch'], /unknown command/],
  [['\u001B[2Jclear'], /x1b\[2Jclear/],
  [['x'.repeat(100_000)], /98\d\d\d characters are left out/],
  [['slack'], /manifest/],
  [['slack', 'manifst'], /manifst/],
  [['discord', 'leave'], /leave/],
  [['service', 'upstart'], /Allowed choices are systemd, launchd/],
  [['service', ''], /Allowed choices are systemd, launchd/],
  [['discord', 'invite', '--application', '12x'], /an id is a number/],
  [['discord', 'invite', '--application', '9'.repeat(1_000)], /an id is a number/],
  [['show', ''], /<job or run> is empty: such as upgrade-deps or r142/],
  [['log', ''], /<job or run> is empty/],
  [['history', ''], /<job> is empty/],
  [['restore', ''], /<backup> is empty: a folder of nightdesk backup/],
  [['--config', 'good.yaml', 'start'], /unknown option '--config'/],
])('%j is not understood: exit 2', async (args, reason) => {
  const { code, stdout, stderr } = await refused(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(reason);
});

const config = '--config=good.yaml';
test.each<[string[], RegExp]>([
  ...['0', '-1', '1.5', '1e3', '0x10', 'many', '99999999999999999999', 'NaN', '\u0007'].map(
    (count): [string[], RegExp] => [
      ['when', 'noon', `--count=${count}`],
      /--count .* It is a whole number from 1 to 1000: 5/,
    ],
  ),
  ...[
    '1',
    'yesterday',
    '2026-13-01',
    '275760-09-13',
    '+275760-09-13T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    'x'.repeat(9_000),
  ].map((from): [string[], RegExp] => [
    ['when', 'noon', `--from=${from}`],
    /It is an instant in ISO 8601: 2026-11-22T09:00:00Z/,
  ]),
  ...['Mars/Olympus', '../../etc/passwd', '\u001B[31m', 'x'.repeat(9_000)].map((zone): [string[], RegExp] => [
    ['when', 'noon', `--zone=${zone}`],
    /Use an IANA name, such as `Europe\/Berlin`/,
  ]),
  ...['', ' ', 'a\nb', '\uFFFD\uFFFD', '\u001B[2J', '* * * *', '99 99 * * *'].map((text): [string[], RegExp] => [
    ['when', text],
    /I can't (?:read|use) /,
  ]),
  [['when', 'x'.repeat(100_000)], /longer than 500 characters/],
  ...['0', '-1', '1.5', 'two', '99999999999', '\u0007'].map((attempt): [string[], RegExp] => [
    ['log', 'r1', `--attempt=${attempt}`, config],
    /No bot is running|It is a whole number from 1: --attempt 2/,
  ]),
  ...['file', 'folder', 'project'].map((backup): [string[], RegExp] => [
    ['restore', backup, config],
    /is no whole store of nightdesk: |is no backup: /,
  ]),
  ...['nope', 'loop', 'dangling', 'file/sub', 'a\nb', '/proc/x', 'x'.repeat(5_000)].map(
    (backup): [string[], RegExp] => [['restore', backup, config], /is not there/],
  ),
  [['backup', config], /There is nothing to back up/],
  [['history', config], /No bot is running with .*data/],
  [['claude', config, 'list'], /No bot is running with .*data/],
  [['init', '--yes', config], /is there already, with the project api/],
  [['init', '--yes', '--config=folder'], /is a folder with 0 entries/],
  [['init', '--yes', '--config=nowhere/x.yaml'], /There is no folder/],
  [['init', '--yes', '--config=large.yaml'], /is there already, and can't be used/],
])('%j is refused: exit 1', async (args, reason) => {
  const { code, stdout, stderr } = await refused(args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(reason);
});

test.each<[string, RegExp]>([
  ['loop', /loop can't be written: something is there already/],
  ['dangling', /dangling can't be written/],
  ['file/sub.yaml', /a part of its path is a file/],
  [`${'x'.repeat(300)}.yaml`, /its name is too long/],
  ['/proc/x.yaml', /can't be written/],
])('init that can not write %j says so, and leaves nothing', async (file, reason) => {
  const { code, stderr } = await refused(['init', '--yes', `--config=${file}`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(reason);
  expect(stderr).toContain('Name a new file in a folder of this user');
});

describe('a data directory', () => {
  const write = (yaml: string): string => {
    writeFileSync(join(root, 'data.yaml'), `${yaml}\nprojects: { api: { path: project } }\n`);
    return '--config=data.yaml';
  };

  test.each<[string, RegExp]>([
    ['file', /it is not a folder/],
    ['loop', /lead in a circle/],
    ['dangling', /a link to what is not there/],
    ['file/sub', /a part of its path is a file/],
    ['x'.repeat(300), /its name is too long/],
  ])('that is %j is a fault for doctor, refused by start, and never written to', async (directory, reason) => {
    const flag = write(`dataDirectory: ${directory}`);
    const examined = await refused(['doctor', flag]);
    expect(examined.code).toBe(1);
    expect(examined.stdout).toMatch(reason);
    const { code, stderr } = await refused(['backup', flag]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing to back up')]);
  });

  test('with a NUL in its name is a fault of the configuration', async () => {
    const { code, stderr } = await refused(['history', write('dataDirectory: "a\\0b"')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/dataDirectory: .*\n\s+allowed: a folder/);
  });

  test.each<[string, (directory: string) => void, RegExp]>([
    [
      'tokens that are a folder',
      (at) => mkdirSync(join(at, 'web-tokens.json')),
      /web-tokens\.json can't be used: it is a folder/,
    ],
    [
      'tokens that are none',
      (at) => writeFileSync(join(at, 'web-tokens.json'), 'nonsense'),
      /It is a JSON object of names/,
    ],
    [
      'tokens of 2 MB',
      (at) => writeFileSync(join(at, 'web-tokens.json'), 'x'.repeat(2_000_000)),
      /it has 2,000,000 bytes/,
    ],
  ])('with %s says which file, and what to do', async (_what, spoil, reason) => {
    const directory = join(root, 'spoilt');
    mkdirSync(directory);
    writeFileSync(join(directory, 'bot.json'), '{"url":"http://127.0.0.1:9","pid":1}');
    spoil(directory);
    const { code, stderr } = await refused(['history', write('dataDirectory: spoilt')]);
    rmSync(directory, { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
    expect(stderr).toContain('take it away, and new tokens are made');
  });

  test('whose store is a folder is a fault for doctor and backup', async () => {
    mkdirSync(join(root, 'spoilt', 'nightdesk.db'), { recursive: true });
    const flag = write('dataDirectory: spoilt');
    expect((await refused(['doctor', flag])).stdout).toMatch(/the store .*nightdesk\.db can't be read/);
    const { code, stderr } = await refused(['backup', flag, '--to=copy']);
    expect([code, stderr]).toEqual([1, expect.stringContaining("nightdesk.db can't be copied: it is a folder")]);
    expect(existsSync(join(root, 'copy'))).toBe(false);
    rmSync(join(root, 'spoilt'), { recursive: true });
  });
});
