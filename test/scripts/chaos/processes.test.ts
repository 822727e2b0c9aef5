import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { BotEnd, ChaosBot } from '../../../scripts/chaos/bot.ts';
import { endOrphans } from '../../../scripts/chaos/end-orphans.ts';
import { checkOutlasted } from '../../../scripts/chaos/outlast.ts';
import { stopBot, type Scene } from '../../../scripts/chaos/perform.ts';
import { createRunningClock } from '../../../scripts/chaos/running-clock.ts';
import { isAdopted } from '../../../scripts/chaos/taken-up.ts';
import { settle } from '../../../scripts/chaos/settle.ts';
import { createTrace } from '../../../scripts/chaos/trace.ts';
import { identify } from '../../../src/runner/supervisor/process-table.ts';
import { tempFolder } from '../../support/temp-repository.ts';

/** Starts a process that is there when this resolves, and gone after the test. */
async function start(command: string, args: string[], env: Record<string, string> = {}): Promise<ChildProcess> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

const goesOn = "console.log('here'); setInterval(() => {}, 1_000);";

test('a process that shows the folder of the seed by its arguments or its environment is found, and ended', async () => {
  const root = tempFolder();
  const named = await start(process.execPath, ['--eval', goesOn, join(root, 'data')]);
  const marked = await start(process.execPath, ['--eval', goesOn], { CHAOS_ROOT: root });
  await start(process.execPath, ['--eval', goesOn]);
  const ends = [named, marked].map((child) => once(child, 'exit'));
  const faults = await endOrphans(root);
  expect(faults.map(({ kind }) => kind)).toEqual(['orphan', 'orphan']);
  for (const { pid } of [named, marked]) expect(faults.map(({ what }) => what).join('\n')).toContain(`process ${pid} `);
  for (const [, by] of await Promise.all(ends)) expect(by).toBe('SIGKILL');
});

test('a supervisor that has written its outcome is given time to go, one that stays without is an orphan', async () => {
  const root = tempFolder();
  const program = join(root, 'supervisor.ts');
  writeFileSync(
    program,
    "console.log('here'); process.on('SIGUSR2', () => process.exit()); setInterval(() => {}, 1_000);",
  );
  const [leaving, staying] = [join(root, 'leaving'), join(root, 'staying')];
  mkdirSync(leaving);
  writeFileSync(join(leaving, 'outcome.json'), '{}');
  const leaver = await start(process.execPath, [program, leaving]);
  const stayer = await start(process.execPath, [program, staying]);
  const ended = endOrphans(root);
  leaver.kill('SIGUSR2');
  expect((await ended).map(({ what }) => what)).toEqual([
    expect.stringMatching(`^process ${stayer.pid} is alive: .*${staying}$`),
  ]);
});

/** A scene with nothing but a bot that ends as it is told, and does `onEnd` before. */
function sceneOf(root: string, ended: BotEnd, onEnd: () => Promise<void> = async () => {}): Scene {
  const bot: Partial<ChaosBot> = {
    isReady: () => true,
    end: async () => {
      await onEnd();
      return ended;
    },
  };
  const place = { root } as Scene['place'];
  const counts = {
    kills: 0,
    faults: [],
    paused: new Set<never>(),
    later: [],
    starts: [],
    cancelled: new Set<number>(),
    takenUp: 0,
    outlasted: 0,
  };
  return { ...counts, place, plan: { seed: 1, jobs: [], acts: [] }, trace: createTrace(root), bot: bot as ChaosBot };
}

test.each<[string, BotEnd, 'SIGTERM' | 'SIGKILL', RegExp[]]>([
  ['ends well at SIGTERM', { code: 0, signal: null, afterMs: 900 }, 'SIGTERM', []],
  ['ends with another code', { code: 1, signal: null, afterMs: 900 }, 'SIGTERM', [/ended with 1 at SIGTERM/]],
  ['dies of SIGTERM', { code: null, signal: 'SIGTERM', afterMs: 9 }, 'SIGTERM', [/ended with SIGTERM at SIGTERM/]],
  ['takes longer than 10 s', { code: 0, signal: null, afterMs: 10_001 }, 'SIGTERM', [/took 10001 ms to end/]],
  ['is killed', { code: null, signal: 'SIGKILL', afterMs: 9 }, 'SIGKILL', []],
])('of a bot that %s is told what is wrong with that', async (_what, ended, signal, faults) => {
  const scene = sceneOf(tempFolder(), ended);
  await stopBot(scene, signal);
  expect(scene.faults.map(({ what }) => what)).toEqual(faults.map((fault) => expect.stringMatching(fault)));
  expect(scene.kills).toBe(1);
});

test('a bot that can not be started again fails the seed', async () => {
  const root = tempFolder();
  const scene = sceneOf(root, { code: 0, signal: null, afterMs: 9 });
  scene.bot = { ...scene.bot, isGone: () => true };
  const slack = { faults: { clear: () => {} } } as Scene['place']['slack'];
  const config = join(root, 'missing.yaml');
  scene.place = { ...scene.place, slack, config, database: join(root, 'none.db'), env: {} };
  await expect(settle(scene)).rejects.toThrow('the bot was not ready');
  expect(scene.bot.isGone()).toBe(true);
});

test('a supervisor that goes with its bot is found, one that has written its outcome is not', async () => {
  const root = tempFolder();
  const program = join(root, 'supervisor.ts');
  writeFileSync(program, goesOn);
  const folders = ['lost', 'ended'].map((name) => join(root, name));
  const supervisors = await Promise.all(
    folders.map(async (folder) => {
      mkdirSync(folder);
      const child = await start(process.execPath, [program, folder]);
      writeFileSync(join(folder, 'supervisor.json'), JSON.stringify(identify(child.pid ?? 0)));
      return child;
    }),
  );
  const scene = sceneOf(root, { code: 0, signal: null, afterMs: 9 }, async () => {
    writeFileSync(join(root, 'ended', 'outcome.json'), '{}');
    const ends = supervisors.map((child) => once(child, 'exit'));
    for (const child of supervisors) child.kill('SIGKILL');
    await Promise.all(ends);
  });
  await stopBot(scene, 'SIGTERM');
  expect(scene.faults).toEqual([{ kind: 'lost', what: `the supervisor of ${join(root, 'lost')} went with its bot` }]);
});

test('an attempt counts as adopted while a command of it has a living supervisor, and its folder is watched', async () => {
  const attempt = tempFolder();
  const folder = join(attempt, 'claude');
  mkdirSync(folder);
  const supervisor = await start(process.execPath, ['--eval', goesOn]);
  writeFileSync(join(folder, 'request.json'), '{}');
  const claim = join(folder, 'supervisor.json');
  expect(isAdopted(attempt, process.pid)).toBe(false);
  writeFileSync(claim, JSON.stringify(identify(supervisor.pid ?? 0)));
  expect(isAdopted(attempt, process.pid)).toBe(false);
  const watcher = watch(folder, () => {});
  onTestFinished(() => watcher.close());
  expect(isAdopted(attempt, process.pid)).toBe(true);
  // Another process does not watch it.
  expect(isAdopted(attempt, process.ppid)).toBe(false);
  writeFileSync(claim, JSON.stringify({ ...identify(supervisor.pid ?? 0), startTime: '1' }));
  expect(isAdopted(attempt, process.pid)).toBe(false);
});

test('the time of a process does not go on while it is stopped', async () => {
  const child = await start(process.execPath, ['--eval', goesOn]);
  const clock = createRunningClock(child.pid ?? 0);
  await expect.poll(() => clock.look()).toBeGreaterThan(0);
  child.kill('SIGSTOP');
  const stateOf = (): string => /\) (.)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))?.[1] ?? '';
  await expect.poll(stateOf).toBe('T');
  const stopped = createRunningClock(child.pid ?? 0);
  const startedMs = performance.now();
  await expect.poll(() => performance.now() - startedMs).toBeGreaterThan(100);
  expect(stopped.look()).toBe(0);
});

test('a command that goes on, ends in another way, or leaves somebody while no bot runs is found', async () => {
  const root = tempFolder();
  const folder = join(root, 'data', 'runs', 'r7', '1', 'judge-1');
  mkdirSync(folder, { recursive: true });
  const check = () => checkOutlasted({ folder, end: 'timed-out' }, root).map(({ kind, what }) => `${kind}: ${what}`);
  expect(check()).toEqual([`lost: ${folder} did not end while no bot ran: timed-out was to come`]);
  const outcome = { v: 1, end: 'timed-out', exitCode: null, signal: 'SIGINT', startedAtMs: 1, endedAtMs: 2 };
  const write = (change: object) =>
    writeFileSync(join(folder, 'outcome.json'), JSON.stringify({ ...outcome, treeProven: true, ...change }));
  write({});
  expect(check()).toEqual([]);
  write({ end: 'exited' });
  expect(check()).toEqual([`broken: ${folder} ended as exited while no bot ran, not as timed-out`]);
  write({});
  const named = (run: string) => [
    '-c',
    'exec -a "$0" bash -c "echo here; read -rt 300 <> <(:)"',
    `${root}/mark${root}/data/worktrees/${run}`,
  ];
  await start('bash', named('r8'));
  expect(check()).toEqual([]);
  const own = await start('bash', named('r7'));
  expect(check()).toEqual([`broken: process ${own.pid} of ${folder} outlived its end while no bot ran`]);
});
