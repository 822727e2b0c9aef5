import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { createCommandHarness, listMarked, until } from './command-harness.ts';

describe('a command that ends by itself', () => {
  test.each([
    { script: 'exit 0', exitCode: 0, signal: null },
    { script: 'exit 7', exitCode: 7, signal: null },
    { script: 'kill -KILL $$', exitCode: null, signal: 'SIGKILL' },
  ])('$script gives $exitCode, $signal', async ({ script, exitCode, signal }) => {
    const { shell } = createCommandHarness();
    const before = Date.now();
    const outcome = await shell(script).outcome;
    expect(outcome).toMatchObject({ v: 1, end: 'exited', exitCode, signal, left: { count: 0, names: [] } });
    expect(outcome.treeProven).toBe(process.platform === 'linux');
    expect(outcome.startedAtMs).toBeGreaterThanOrEqual(before);
    expect(outcome.endedAtMs).toBeGreaterThanOrEqual(outcome.startedAtMs);
  });

  test('reads the prompt as its input, which ends, and writes both outputs in their order', async () => {
    const { supervise, read } = createCommandHarness();
    const script = 'cat; echo one; echo two >&2; echo three';
    await supervise({ argv: ['bash', '-c', script] }, 'a prompt\n').outcome;
    expect(read('output.log')).toBe('a prompt\none\ntwo\nthree\n');
  });

  test('has an empty input without a prompt', async () => {
    const { shell, read } = createCommandHarness();
    await shell('cat; echo "read all"').outcome;
    expect(read('output.log')).toBe('read all\n');
  });

  test('keeps the outputs of claude apart', async () => {
    const { shell, read } = createCommandHarness();
    await shell('echo line; echo warning >&2', { kind: 'claude' }).outcome;
    expect([read('stream.jsonl'), read('stderr.log')]).toEqual(['line\n', 'warning\n']);
  });

  test('has the environment of the request, its cookie and a folder for temporary files', async () => {
    const { supervise, folder, read } = createCommandHarness();
    await supervise({ argv: ['/usr/bin/env'], env: { ONE: '1', TMPDIR: '/elsewhere' }, cookie: 'c' }).outcome;
    const lines = read('output.log').trim().split('\n');
    expect(lines.toSorted()).toEqual(['NIGHTDESK_COMMAND=c', 'ONE=1', `TMPDIR=${folder}/tmp`]);
    expect(statSync(join(folder, 'tmp')).mode & 0o777).toBe(0o700);
  });

  test('leaves files that only their owner can read', async () => {
    const { supervise, folder } = createCommandHarness();
    await supervise({ kind: 'claude' }, 'prompt').outcome;
    const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o077).toString(8)]);
    expect(modes).toEqual(modes.map(([name]) => [name, '0']));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe('a command that could not start says why', () => {
  test.each([
    {
      argv: ['no-such-command'],
      env: { PATH: '/usr/bin:/bin' },
      error: 'The command no-such-command was not found in PATH=/usr/bin:/bin.',
    },
    { argv: ['/no/such/command'], error: 'The command /no/such/command does not exist.' },
    { argv: [], error: 'No command was given.' },
    { argv: ['true', 'x'.repeat(4_000_000)], error: /^The command true could not be started: .*E2BIG/ },
    { argv: ['./plain'], error: /\/plain is not executable\.$/ },
    { argv: ['./script'], error: /\/script names in its first line was not found\.$/ },
    { argv: ['true'], cwd: '/no/such/folder', error: 'The folder /no/such/folder does not exist.' },
    { argv: ['true'], cwd: '/etc/passwd', error: '/etc/passwd is not a folder.' },
  ])('$error', async ({ error, ...changes }) => {
    const { supervise, root } = createCommandHarness();
    writeFileSync(join(root, 'plain'), '');
    writeFileSync(join(root, 'script'), '#!/no/such/interpreter\n');
    chmodSync(join(root, 'script'), 0o700);
    const outcome = await supervise(changes).outcome;
    expect(outcome).toMatchObject({ end: 'could-not-start', exitCode: null, signal: null, treeProven: true });
    expect(outcome.error).toMatch(error);
  });
});

describe('a command that is ended', () => {
  test('a cancel ends a shell by SIGTERM', async () => {
    const { shell, mark } = createCommandHarness();
    const command = shell('exec -a "$MARK" sleep 600');
    await until(() => listMarked(mark).length > 0, 'the command');
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', exitCode: null, signal: 'SIGTERM' });
  });

  test('a cancel ends what ignores SIGTERM', async () => {
    const { shell, mark } = createCommandHarness();
    const command = shell(`trap '' TERM INT; exec -a "$MARK" sleep 600`);
    await until(() => listMarked(mark).length > 0, 'the command');
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', exitCode: null, signal: 'SIGKILL' });
  });

  test('a cancel ends what is stopped', async () => {
    const { shell, readIdentity } = createCommandHarness();
    const command = shell('kill -STOP $$');
    await until(() => readIdentity('child.json'), 'the command');
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', signal: 'SIGTERM' });
  });

  test('claude gets SIGINT first, and time for its last line', async () => {
    const { shell, read } = createCommandHarness();
    const command = shell(`trap 'echo last; exit 1' INT; echo ready; while :; do sleep 0.01; done`, {
      kind: 'claude',
      limits: { interruptGraceMs: 20_000 },
    });
    await until(() => read('stream.jsonl') === 'ready\n', 'the command');
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', exitCode: 1, signal: null });
    expect(read('stream.jsonl')).toBe('ready\nlast\n');
  });

  test('claude that ignores SIGINT gets SIGTERM', async () => {
    const { shell, mark } = createCommandHarness();
    const command = shell(`trap '' INT; exec -a "$MARK" sleep 600`, {
      kind: 'claude',
      limits: { interruptGraceMs: 50 },
    });
    await until(() => listMarked(mark).length > 0, 'the command');
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', signal: 'SIGTERM' });
  });

  test('a cancel at once starts nothing', async () => {
    const { shell, root } = createCommandHarness();
    const command = shell(`touch ${root}/started`);
    command.cancel();
    expect(await command.outcome).toMatchObject({ end: 'cancelled', exitCode: null, signal: null, treeProven: true });
    expect(existsSync(join(root, 'started'))).toBe(false);
  });

  test('the time limit ends a command', async () => {
    const { shell } = createCommandHarness();
    const outcome = await shell('sleep 600', { limits: { timeoutMs: 150 } }).outcome;
    expect(outcome).toMatchObject({ end: 'timed-out', signal: 'SIGTERM' });
    expect(outcome.endedAtMs - outcome.startedAtMs).toBeGreaterThanOrEqual(150);
  });
});

describe('the supervisor', () => {
  test('ends everything on SIGTERM and is deaf to SIGHUP, SIGINT and SIGUSR1', async () => {
    const { shell, mark, readIdentity } = createCommandHarness();
    const command = shell('(exec -a "$MARK" sleep 600) & wait');
    await until(() => listMarked(mark).length > 0, 'the command');
    const { pid } = readIdentity('supervisor.json');
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGTERM'] as const) process.kill(pid, signal);
    expect(await command.outcome).toMatchObject({ end: 'terminated', signal: 'SIGTERM' });
    expect(listMarked(mark)).toEqual([]);
  });

  test('ends the tree and says why when it fails itself', async () => {
    const { shell, mark } = createCommandHarness();
    const script = 'rm "$TMPDIR/../stream.jsonl"; mkdir "$TMPDIR/../stream.jsonl"; exec -a "$MARK" sleep 600';
    const outcome = await shell(script, { kind: 'claude' }).outcome;
    expect(outcome).toMatchObject({ end: 'lost', left: { count: 1 } });
    expect(outcome.error).toMatch(/^The supervisor failed: Error: EISDIR/);
    expect(listMarked(mark)).toEqual([]);
  });

  test('tries again to write its outcome, and says so in its log', async () => {
    const { shell, folder, root, read, readIdentity } = createCommandHarness();
    const command = shell(`until [ -e ${root}/go ]; do sleep 0.01; done`);
    const { pid } = await until(() => readIdentity('supervisor.json'), 'the supervisor');
    const obstacle = join(folder, `outcome.json.${pid}.tmp`);
    mkdirSync(obstacle);
    writeFileSync(join(root, 'go'), '');
    await until(() => read('supervisor.log').includes('could not be written yet'), 'the failed write');
    rmdirSync(obstacle);
    expect(await command.outcome).toMatchObject({ end: 'exited', exitCode: 0 });
  });

  test('goes away when its folder was deleted', async () => {
    const { shell, folder, mark, readIdentity } = createCommandHarness();
    const command = shell('exec -a "$MARK" sleep 0.2');
    await until(() => readIdentity('child.json'), 'the command');
    command.detach();
    rmSync(folder, { recursive: true });
    await until(() => listMarked(folder).length === 0, 'the end of the supervisor');
    expect([listMarked(mark), existsSync(folder)]).toEqual([[], false]);
  });
});
