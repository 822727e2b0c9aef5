import { spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { CommandOutcome } from '../../../src/model/attempt.ts';
import { findLive } from '../../../src/runner/supervisor/process-table.ts';
import { createCommandHarness, fixture, listMarked, until, type CommandHarness } from './command-harness.ts';

const waitForGo = (harness: CommandHarness) =>
  `echo begun; until [ -e ${harness.root}/go ]; do sleep 0.01; done; echo ended`;
const go = (harness: CommandHarness) => writeFileSync(join(harness.root, 'go'), '');

/** Starts a bot of its own that runs `script`; `ended` is its output and how it went. */
function startBot(harness: CommandHarness, script: string, how = 'watch') {
  const request = JSON.stringify(harness.request({ argv: ['bash', '-c', script] }));
  const child = spawn(process.execPath, [fixture('bot.ts'), harness.folder, request, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ output: string; exitCode: number | null; signal: string | null }>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ output, exitCode, signal }));
  });
  return { pid: child.pid ?? 0, ended };
}

const isIn = (pid: string, folder: string): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
};

const adopt = (harness: CommandHarness) => harness.supervise({});

describe('a command outlives its bot', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'a bot whose group gets %s, and the next one adopts what runs',
    async (signal) => {
      const harness = createCommandHarness();
      const bot = startBot(harness, waitForGo(harness));
      await until(() => harness.read('output.log') === 'begun\n', 'the command');
      process.kill(-bot.pid, signal);
      expect(await bot.ended).toMatchObject({ signal });

      const command = adopt(harness);
      go(harness);
      expect(await command.outcome).toMatchObject({ end: 'exited', exitCode: 0 });
      expect(harness.read('output.log')).toBe('begun\nended\n');
    },
  );

  test('what ended while no bot was there is settled from its outcome', async () => {
    const harness = createCommandHarness();
    const bot = startBot(harness, waitForGo(harness));
    await until(() => harness.read('output.log') === 'begun\n', 'the command');
    process.kill(-bot.pid, 'SIGKILL');
    await bot.ended;
    go(harness);
    await until(() => existsSync(join(harness.folder, 'outcome.json')), 'the outcome');
    const before = harness.read('outcome.json');
    expect(await adopt(harness).outcome).toEqual(JSON.parse(before));
    expect(await adopt(harness).outcome).toEqual(JSON.parse(before));
    expect(harness.read('outcome.json')).toBe(before);
  });

  test('an adopted command can be cancelled', async () => {
    const harness = createCommandHarness();
    const bot = startBot(harness, waitForGo(harness));
    await until(() => harness.read('output.log') === 'begun\n', 'the command');
    process.kill(-bot.pid, 'SIGKILL');
    await bot.ended;
    const command = adopt(harness);
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled' });
  });

  test('a bot that detaches ends, and the command goes on', async () => {
    const harness = createCommandHarness();
    const bot = startBot(harness, waitForGo(harness), 'detach');
    expect(await bot.ended).toEqual({ output: '', exitCode: 0, signal: null });
    const command = adopt(harness);
    go(harness);
    expect(await command.outcome).toMatchObject({ end: 'exited' });
  });

  test('a bot that waits gets the outcome within moments of its file', async () => {
    const harness = createCommandHarness();
    const command = harness.shell(waitForGo(harness));
    await until(() => harness.read('output.log') === 'begun\n', 'the command');
    const adopted = adopt(harness);
    go(harness);
    await Promise.all([command.outcome, adopted.outcome]);
    // Linked into place then; it was written, and synced to the disk, before.
    expect(Date.now() - statSync(join(harness.folder, 'outcome.json')).ctimeMs).toBeLessThan(500);
  });
});

describe('a folder has one supervisor', () => {
  test('however many ask for it', async () => {
    const harness = createCommandHarness();
    const request = { argv: ['bash', '-c', 'echo once'] };
    const bots = [startBot(harness, 'echo once'), startBot(harness, 'echo once')];
    const commands = Array.from({ length: 4 }, () => harness.supervise(request));
    const outcomes = await Promise.all(commands.map((command) => command.outcome));
    for (const bot of bots) {
      const { output } = await bot.ended;
      outcomes.push(JSON.parse(output) as CommandOutcome);
    }
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(harness.read('output.log')).toBe('once\n');
    await until(() => !readdirSync(harness.folder).some((name) => name.endsWith('.tmp')), 'the end of all drafts');
  });

  test('a folder whose supervisor was never started gets one', async () => {
    const harness = createCommandHarness();
    mkdirSync(harness.folder);
    writeFileSync(
      join(harness.folder, 'request.json'),
      JSON.stringify(harness.request({ argv: ['echo', 'from before'] })),
    );
    expect(await adopt(harness).outcome).toMatchObject({ end: 'exited' });
    expect(harness.read('output.log')).toBe('from before\n');
  });

  test.each([
    { program: '/no/such/node', reason: 'spawn /no/such/node ENOENT' },
    { program: '/bin/false', reason: 'it ended at once with exit code 1' },
  ])('a supervisor that can’t even begin is told as such: $reason', async ({ program, reason }) => {
    const harness = createCommandHarness();
    const { execPath } = process;
    process.execPath = program;
    onTestFinished(() => {
      process.execPath = execPath;
    });
    const outcome = await adopt(harness).outcome;
    const error = `The supervisor of the command could not be started: ${reason}.`;
    expect(outcome).toMatchObject({ end: 'could-not-start', error, treeProven: true });
    expect(await adopt(harness).outcome).toEqual(outcome);
  });

  test('a supervisor that can’t read its request is lost, with its own words', async () => {
    const harness = createCommandHarness();
    mkdirSync(harness.folder);
    writeFileSync(join(harness.folder, 'request.json'), '{"v":1,');
    const outcome = await adopt(harness).outcome;
    expect(outcome.end).toBe('lost');
    expect(outcome.error).toMatch(/^The process that watched over it ended before its time\. It said: SyntaxError/);
  });
});

describe('a supervisor that was killed', () => {
  const named = `bash -c 'exec -a "$0" sleep 600' "$MARK"`;
  // `env -i` alone keeps its place in the tree, and `setsid` alone its cookie.
  const leaving = `env -i ${named} & (setsid ${named} &) ; echo begun; wait`;
  /** Both are there, and the supervisor has written down whom it watches: a command may be quicker than that. */
  const hasBegun = (harness: CommandHarness) =>
    existsSync(join(harness.folder, 'child.json')) &&
    harness.read('output.log') === 'begun\n' &&
    listMarked(`${harness.mark} 600`).length === 2;

  test('what outlived it is ended, and the outcome is lost', async () => {
    const harness = createCommandHarness();
    const command = harness.shell(leaving);
    await until(() => hasBegun(harness), 'the command');
    process.kill(harness.readIdentity('supervisor.json').pid, 'SIGKILL');
    const outcome = await command.outcome;
    expect(outcome).toMatchObject({ end: 'lost', exitCode: null, signal: null, treeProven: false });
    expect(outcome.error).toBe(
      'The process that watched over it was killed from outside: by somebody, or by the host for want of memory.',
    );
    expect(outcome.left.count).toBe(3);
    expect(listMarked(harness.mark)).toEqual([]);
    expect(findLive(harness.readIdentity('child.json'))).toBeUndefined();
    expect(JSON.parse(harness.read('outcome.json'))).toEqual(outcome);
  });

  test('together with its bot, the next bot ends what is left; two of them agree', async () => {
    const harness = createCommandHarness();
    const bot = startBot(harness, leaving);
    await until(() => hasBegun(harness), 'the command');
    process.kill(-bot.pid, 'SIGKILL');
    process.kill(harness.readIdentity('supervisor.json').pid, 'SIGKILL');
    await bot.ended;
    const [one, two] = await Promise.all([adopt(harness).outcome, adopt(harness).outcome]);
    expect(one).toMatchObject({ end: 'lost' });
    expect(two).toEqual(one);
    expect(listMarked(harness.mark)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')(
    'a daemon without its environment is ended where the folder is the command’s alone, and left alone elsewhere',
    async () => {
      const harness = createCommandHarness();
      const [own, shared] = ['own', 'shared'].map((name) => join(harness.root, name)) as [string, string];
      const daemon = `(setsid env -i bash -c 'exec -a "$0" sleep 600' "$MARK" </dev/null >/dev/null 2>&1 &)`;
      const script = `for folder in ${own} ${shared}; do mkdir $folder; cd $folder; ${daemon}; done; wait; sleep 600`;
      const command = harness.shell(script, { ownFolder: own });
      const find = () => listMarked(`${harness.mark} 600`);
      await until(() => existsSync(join(harness.folder, 'child.json')) && find().length === 2, 'both daemons');
      process.kill(harness.readIdentity('supervisor.json').pid, 'SIGKILL');
      expect(await command.outcome).toMatchObject({ end: 'lost', treeProven: false });
      expect(find()).toHaveLength(1);
      for (const pid of readdirSync('/proc').filter((name) => isIn(name, shared))) process.kill(Number(pid), 'SIGKILL');
    },
  );

  test('a process that has the pid of the command by chance is left alone', async () => {
    const harness = createCommandHarness();
    const stranger = spawn('sleep', ['600']);
    const gone = new Promise((resolve) => stranger.once('exit', resolve));
    mkdirSync(harness.folder);
    const identity = {
      pid: stranger.pid,
      startTime: '1',
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    };
    for (const name of ['supervisor.json', 'child.json'])
      writeFileSync(join(harness.folder, name), JSON.stringify(identity));
    expect(await adopt(harness).outcome).toMatchObject({ end: 'lost', left: { count: 0 } });
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    stranger.kill('SIGKILL');
    await gone;
  });

  test('after a restart of the machine nothing can be left', async () => {
    const harness = createCommandHarness();
    mkdirSync(harness.folder);
    const identity = JSON.stringify({ pid: process.pid, startTime: '1', bootId: 'another boot' });
    writeFileSync(join(harness.folder, 'supervisor.json'), identity);
    linkSync(join(harness.folder, 'supervisor.json'), join(harness.folder, 'child.json'));
    expect(await adopt(harness).outcome).toMatchObject({
      end: 'lost',
      error: 'The machine was restarted while the command ran.',
      treeProven: true,
    });
  });

  test('an outcome that can’t be read is lost', async () => {
    const harness = createCommandHarness();
    mkdirSync(harness.folder);
    writeFileSync(join(harness.folder, 'outcome.json'), '{"v":1,"en');
    expect(await adopt(harness).outcome).toMatchObject({ end: 'lost', error: 'outcome.json can’t be read.' });
  });
});
