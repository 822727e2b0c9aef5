import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** What no command that is refused may take, on a machine that has other things to do. */
const patienceMs = 60_000;
vi.setConfig({ testTimeout: 3 * patienceMs });

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'nightdesk-bad-')));
  chmodSync(root, 0o755);
  mkdirSync(join(root, 'project'));
  write('good.yaml', 'dataDirectory: data\nweb: { port: 0 }\nprojects: { api: { path: project } }\n');
  execFileSync('mkfifo', [join(root, 'pipe')]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(join(root, name), text);

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface How {
  env?: Record<string, string | undefined>;
  /** Standard input and output: a descriptor, or a pipe. */
  stdio?: ['ignore' | 'pipe' | number, 'pipe' | number];
  uid?: number;
  /** The reading ends of what it prints are closed before it can. */
  isUnread?: boolean;
}

/** Runs the command as a process of its own, and ends it where it has not ended by itself: then `signal` says so. */
async function nightdesk(
  args: string[],
  { env = {}, stdio = ['ignore', 'pipe'], uid, isUnread = false }: How = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: root, ...env },
    stdio: [...stdio, 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    ...(uid !== undefined && { uid, gid: uid }),
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    if (isUnread) child[name]?.destroy();
    else child[name]?.setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  expect(said.stderr).not.toMatch(/\n\s+at |node:internal|Unhandled|unsettled/);
  return { code, signal, ...said };
}

const refusal = (stderr: RegExp, code = 1) => ({ code, signal: null, stderr: expect.stringMatching(stderr) });

describe('what would never end is not waited for', () => {
  test.each([
    ['history', 'pipe', /it is a pipe, not a file/],
    ['start', '/dev/zero', /it is a device, not a file/],
    ['slack', 'pipe', /it is a pipe, not a file/],
  ])('%s with the configuration %s', async (command, file, reason) => {
    const args = command === 'slack' ? ['slack', 'manifest'] : [command];
    expect(await nightdesk([...args, '--config', file])).toMatchObject(refusal(reason));
  });

  test.each([
    ['bot.json', ['history'], /No bot is running/],
    ['web-tokens.json', ['history'], /web-tokens\.json can't be used: it is a pipe/],
    ['nightdesk.db', ['start'], /nightdesk\.db can't be used: it is a pipe/],
    ['nightdesk.db', ['backup'], /nightdesk\.db.*it is a pipe/],
    ['nightdesk.db', ['doctor'], /Below each ❌ stands what to do/],
    ['lock.db', ['start'], /can't be the data directory: .*it is a pipe/],
  ])('a pipe in place of %s, for %j', async (name, args, reason) => {
    const directory = mkdtempSync(join(root, 'odd-'));
    write('odd.yaml', `dataDirectory: ${directory}\nweb: { port: 0 }\nprojects: { api: { path: project } }\n`);
    if (name === 'web-tokens.json') writeFileSync(join(directory, 'bot.json'), '{"url":"http://127.0.0.1:9","pid":1}');
    execFileSync('mkfifo', [join(directory, name)]);
    expect(await nightdesk([...args, '--config', 'odd.yaml'])).toMatchObject(refusal(reason));
  });

  test('a pipe in place of a backup, of its store, or of its manifest', async () => {
    mkdirSync(join(root, 'backup'));
    execFileSync('mkfifo', [join(root, 'backup', 'manifest.json')]);
    for (const backup of ['pipe', 'backup', 'backup/manifest.json']) {
      expect(await nightdesk(['restore', backup, '--config', 'good.yaml'])).toMatchObject(refusal(/is no backup/));
    }
  });

  test('a server that takes the request and says something else', async () => {
    const server = createServer((_request, response) => response.end('<html>another program</html>'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const directory = mkdtempSync(join(root, 'other-'));
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(directory, 'bot.json'), JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: 1 }));
    write('other.yaml', `dataDirectory: ${directory}\nprojects: { api: { path: project } }\n`);
    const reason = /does not speak as this nightdesk does/;
    for (const args of [['history'], ['show', 'r1', '--json'], ['log', 'upgrade-deps']]) {
      expect(await nightdesk([...args, '--config', 'other.yaml'])).toMatchObject(refusal(reason));
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('output that goes nowhere', () => {
  test('a reader that has gone is no fault, a disk that is full is', async () => {
    expect(await nightdesk(['when', 'noon'], { isUnread: true })).toMatchObject({ code: 0, signal: null });
    expect(await nightdesk(['--no-such-flag'], { isUnread: true })).toMatchObject({ code: 2, signal: null });
    const full = openSync('/dev/full', 'w');
    try {
      const ended = await nightdesk(['when', 'noon'], { stdio: ['ignore', full] });
      expect(ended).toMatchObject(refusal(/What is printed can't be written: .*ENOSPC/));
    } finally {
      closeSync(full);
    }
  });

  test('a bot goes on without a reader', async () => {
    const directory = mkdtempSync(join(root, 'unread-'));
    write('unread.yaml', `dataDirectory: ${directory}\nweb: { port: 0 }\nprojects: { api: { path: project } }\n`);
    const child = spawn(process.execPath, [main, 'start', '--config', 'unread.yaml'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: root },
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    child.stdout.destroy();
    const said = { log: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.log += text));
    await vi.waitFor(() => expect(said.log).toContain('nightdesk is ready'), { timeout: patienceMs, interval: 50 });
    // Its links could not be printed; it answers all the same.
    const { url } = JSON.parse(readFileSync(join(directory, 'bot.json'), 'utf8')) as { url: string };
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('closed standard streams are no fault', () => {
    const shell = (words: string) =>
      execFileSync('bash', ['-c', `"${process.execPath}" "${main}" ${words}`], {
        cwd: root,
        env: { HOME: root },
        timeout: patienceMs,
      });
    expect(String(shell('when noon <&-'))).toContain('once, ');
    expect(String(shell('when noon >&- 2>&-'))).toBe('');
  });
});

test('without HOME and USER it goes on with what the system knows of the user', async () => {
  const env = { HOME: undefined, USER: undefined };
  write('home.yaml', 'dataDirectory: ~/none-of-nightdesk\nprojects: { api: { path: project } }\n');
  expect(await nightdesk(['history', '--config', 'home.yaml'], { env })).toMatchObject(
    refusal(/No bot is running with \//),
  );
});

// Only root can be somebody else.
describe.runIf(process.getuid?.() === 0)('as a user without a name, a home and rights', () => {
  const uid = 54_321;

  test('says what it may not read, and writes nothing', async () => {
    write('secret.yaml', 'projects: { api: { path: project } }\n');
    chmodSync(join(root, 'secret.yaml'), 0o600);
    const before = readdirSync(root);
    const env = { HOME: undefined };
    const as = (...args: string[]) => nightdesk(args, { uid, env });
    expect(await as('history', '--config', 'secret.yaml')).toMatchObject(refusal(/no right to it \(EACCES\)/));
    expect(await as('start', '--config', 'good.yaml')).toMatchObject(
      refusal(/data can't be the data directory: .*EACCES/),
    );
    expect(await as('init', '--yes', '--config', 'fresh.yaml')).toMatchObject(
      refusal(/fresh\.yaml can't be written: .*no right/),
    );
    expect(await as('service', 'systemd', '--config', 'good.yaml')).toMatchObject(refusal(/This user has no name/));
    expect(readdirSync(root)).toEqual(before);
  });
});

describe('in a terminal', () => {
  /** Types `key` at the prompt that ends with `until`. */
  async function inTerminal(words: string, { until, key }: { until?: string; key?: string } = {}): Promise<string> {
    const command = `stty cols 0; "${process.execPath}" "${main}" ${words}; echo "exit $?"`;
    // `script` gives it a terminal of its own.
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: root },
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (until !== undefined && shown.includes(until) && !child.stdin.writableEnded) child.stdin.end(key);
    });
    await once(child, 'close');
    return shown;
  }

  test('of no width the help is whole', async () => {
    expect(await inTerminal('--help')).toMatch(/first monday of the month[^]*exit 0/);
  });

  test('the end of the input is a no', async () => {
    const controlD = '\u0004';
    const shown = await inTerminal('init --config asked.yaml', { until: '[Y/n]', key: controlD });
    expect(shown).toMatch(/Write .*asked\.yaml\?[^]*Nothing was written\.[^]*exit 1/);
    expect(readdirSync(root)).not.toContain('asked.yaml');
  });
});
