import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;
const settings = { alerts: 'web:ops', channels: new Map([['web:general', {}]]) };

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner, settings });
});
afterEach(() => fixture.stop());

let runs = 0;
const minute = 60_000;
const later = (minutes: number): void => fixture.clock.advance(minutes * minute);
const ops = (): Promise<string> => fixture.told('web:ops');
const started = (): string[] => runner.started.map((request) => request.attemptId);
const fault = (code: string, message: string): Error => Object.assign(new Error(message), { code });
async function run(name: string): Promise<void> {
  await fixture.say(`schedule do ${name} --name ${name} --accept "$ npm test"`);
  await fixture.say(`run ${name}`);
}

test('a disk without room lets nothing start, is told once, and its end is told when all goes on by itself', async () => {
  fixture.host.freeBytes = 150 * 1024 * 1024;
  await run('one');
  await run('two');
  later(5);
  expect(started()).toEqual([]);
  expect(await fixture.told()).toContain('🕔 one r1 waits: there is too little room on the disk of box');
  const alert = [
    '💾 The disk of box is full: 150 MB free, and 1.0 GB is the least.',
    'No run starts, and what waits goes on by itself once there is room. Runs at work go on, and may fail.',
    'Make room there, keep less with `retention`, or lower `disk.minFree` in nightdesk.yaml.',
  ].join('\n');
  expect(await ops()).toBe(alert);
  fixture.host.freeBytes = 3 * 1024 ** 3;
  later(5);
  expect(started()).toEqual(['r1-1', 'r2-1']);
  expect(await ops()).toBe(`${alert}\n▶️ The disk of box has room again: 3.0 GB free.`);
});

test('a share of the disk is a limit too, and a disk that hovers about it is told once', async () => {
  fixture.settings.minFree = { share: 0.02 };
  fixture.host.totalBytes = 100 * 1024 ** 3;
  for (const freeGigabytes of [1.9, 2.1, 1.9, 2.1]) {
    fixture.host.freeBytes = freeGigabytes * 1024 ** 3;
    await run(`job-${String(freeGigabytes).replace('.', '-')}-${(runs += 1)}`);
    later(5);
  }
  expect(started()).toEqual([]);
  expect((await ops()).match(/1\.9 GB free, and 2\.0 GB is the least/g)).toHaveLength(1);
  expect(await ops()).not.toContain('room again');
  fixture.host.freeBytes = 2.3 * 1024 ** 3;
  later(5);
  expect(started()).toEqual(['r1-1', 'r2-1']);
});

test('without a channel for alerts a full disk is told once in the channel of the run that waits', async () => {
  fixture.settings.alerts = undefined;
  fixture.host.freeBytes = 0;
  await run('one');
  await run('two');
  later(5);
  expect((await fixture.told()).match(/💾 The disk of box is full/g)).toHaveLength(1);
  fixture.host.freeBytes = 1e12;
  later(5);
  expect(await fixture.told()).toContain('▶️ The disk of box has room again');
});

test('the next attempt of a run waits for room as well', async () => {
  await run('one');
  fixture.host.freeBytes = 0;
  runner.report({ checksAfter: [fakeCheck('npm test', 1)] });
  expect(started()).toEqual(['r1-1']);
  expect(await fixture.told()).toMatch(/Attempt 2 waits until .*: there is too little room on the disk of box/);
  fixture.host.freeBytes = 1e12;
  later(5);
  expect(started()).toEqual(['r1-1', 'r1-2']);
});

test('a file that can not be written though there is room is told, and holds for as long as nobody knows better', async () => {
  fixture.desk.noticed(fault('EDQUOT', 'EDQUOT: disk quota exceeded, write'));
  fixture.desk.noticed(fault('ENOSPC', 'ENOSPC: no space left on device, write'));
  await run('one');
  expect(started()).toEqual([]);
  expect((await ops()).split('\n')).toEqual([
    '💾 The disk of box is full: a file could not be written: `EDQUOT: disk quota exceeded, write`.',
    'No run starts, and what waits goes on by itself once there is room. Runs at work go on, and may fail.',
    'Make room there, keep less with `retention`, or lower `disk.minFree` in nightdesk.yaml.',
  ]);
  later(5);
  expect(started()).toEqual(['r1-1']);
  expect(await ops()).toContain('▶️ The disk of box has room again');
});

test('a clock that is set back makes nothing wait longer for the disk', async () => {
  fixture.desk.noticed(fault('EDQUOT', 'EDQUOT: disk quota exceeded, write'));
  await run('one');
  expect(started()).toEqual([]);
  later(-60);
  expect(started()).toEqual(['r1-1']);
  fixture.host.freeBytes = 0;
  await run('two');
  later(1);
  await fixture.settle();
  later(-60);
  await fixture.settle();
  const nextLook = fixture.clock.now().getTime() + 5 * minute;
  const alarms = fixture.db.$client
    .prepare('SELECT count(*) FROM agenda_jobs WHERE next_run_at BETWEEN ? AND ?')
    .pluck();
  expect(alarms.get(nextLook - 2_000, nextLook)).toBe(1);
});

test('a fault of the store is told once, and so is its end; a lock is none', async () => {
  fixture.desk.noticed(fault('SQLITE_BUSY', 'database is locked'));
  fixture.desk.noticed(fault('ENOENT', 'no such file'));
  expect(await ops()).toBe('');
  for (let times = 0; times < 3; times += 1) {
    fixture.desk.noticed(fault('SQLITE_IOERR_READ', 'disk I/O error'));
    later(9);
  }
  expect((await ops()).split('\n')).toEqual([
    '⚠️ The database of nightdesk on box reports a fault: `disk I/O error`.',
    'Runs may not be started or told. `nightdesk doctor` and the log on the host say more.',
  ]);
  later(10);
  expect(await ops()).toContain('▶️ The database of nightdesk on box has reported no fault for 10 min.');
});

test('a fault of a store that can not be written brings nothing down', () => {
  fixture.db.$client.pragma('query_only = on');
  fixture.desk.noticed(fault('SQLITE_READONLY', 'attempt to write a readonly database'));
  fixture.db.$client.pragma('query_only = off');
  expect(fixture.store.alerts.active()).toEqual([]);
});

test('the folder of a project that vanished is told once, and told when it is back', async () => {
  fixture.host.gone.add('/projects/api');
  later(1);
  await fixture.settle();
  later(300);
  const alert = [
    '📁 The folder of project `api` is not there on box.',
    'Its runs fail until it is back, or nightdesk.yaml names another place.',
  ].join('\n');
  expect(await ops()).toBe(alert);
  fixture.host.gone.clear();
  later(5);
  await fixture.settle();
  expect(await ops()).toBe(
    `${alert}\n▶️ The folder of project \`api\` on box is there again, or not asked for any more.`,
  );
});

test('a project whose folder does not answer keeps no other fault from being told', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  await fixture.desk.delivered();
  fixture.host.silent.add('/projects/api');
  fixture.host.missingClaude = 'claude';
  later(1);
  vi.advanceTimersByTime(5_000);
  expect(await ops()).toContain('🔧 `claude` is not found on box.');
  expect(await ops()).not.toContain('📁');
});

test('a Claude Code that is not found is told at the start, over a restart once, and when it is found again', async () => {
  const { directory } = fixture;
  fixture.host.missingClaude = 'claude';
  later(1);
  await fixture.settle();
  const alert = [
    '🔧 `claude` is not found on box.',
    'Every run fails until it is. `nightdesk doctor` there says where it is looked for.',
  ].join('\n');
  expect(await ops()).toBe(alert);
  await fixture.stop({ keep: true });
  fixture = await startDesk({ runner: createFakeRunner(), settings, directory });
  await fixture.settle();
  expect(await ops()).toBe(`${alert}\n▶️ Claude Code is found on box again.`);
});

test('a channel that nothing gets through to for an hour is told in the one for alerts', async () => {
  fixture.chat.post = failing('web:general', fixture.chat.post);
  await run('one');
  for (let tens = 0; tens < 6; tens += 1) {
    later(10);
    await fixture.settle();
  }
  expect(await ops()).toBe('');
  later(11);
  expect((await ops()).split('\n')).toEqual([
    expect.stringMatching(/^📭 box has not got through to `web:general` for an hour: \d messages waiting\.$/),
    'The last answer: `it is on fire`',
    'Runs go on, nothing is lost, and it is tried again. The page has every result.',
  ]);
  broken = undefined;
  later(10);
  await fixture.settle();
  later(5);
  expect(await ops()).toContain('▶️ box gets through to `web:general` again.');
  expect((await ops()).match(/📭/g)).toHaveLength(1);
});

test('an hour without getting through is an hour, also where a wrong clock is set right meanwhile', async () => {
  const tens = async (count: number): Promise<void> => {
    for (let each = 0; each < count; each += 1) {
      later(10);
      await fixture.settle();
    }
  };
  later(3 * 365 * 24 * 60);
  fixture.chat.post = failing('web:general', fixture.chat.post);
  await run('one');
  await tens(4);
  later(-3 * 365 * 24 * 60);
  await fixture.settle();
  await tens(2);
  expect(await ops()).toBe('');
  await tens(2);
  expect(await ops()).toContain('📭 box has not got through to `web:general` for an hour');
});

test('where the channel for alerts itself can not be reached, another one is told', async () => {
  fixture.chat.post = failing('web:ops', fixture.chat.post);
  fixture.desk.configurationRead('nightdesk.yaml can not be used');
  for (let tens = 0; tens < 7; tens += 1) {
    later(10);
    await fixture.settle();
  }
  expect(await fixture.told()).toContain('📭 box has not got through to `web:ops` for an hour: 1 message waiting.');
});

test('a configuration that is not taken over is told with what is wrong with it, until one is', async () => {
  fixture.desk.configurationRead('line 4 · defaults.timeout: given 120');
  fixture.desk.configurationRead('line 5 · defaults.timeout: given 121');
  fixture.desk.configurationRead(undefined);
  fixture.desk.configurationRead(undefined);
  expect(await ops()).toBe(
    [
      '⚠️ box was told to read its configuration again and did not take it over; it goes on with the one it has.',
      '  line 4 · defaults.timeout: given 120',
      '▶️ The configuration of box is taken over.',
    ].join('\n'),
  );
});

test('without a channel for alerts a fault is told nowhere, and in the one that a new configuration names', async () => {
  fixture.settings.alerts = undefined;
  fixture.host.gone.add('/projects/api');
  later(1);
  await fixture.settle();
  expect(await fixture.told()).toBe('');
  fixture.settings.alerts = 'web:night';
  fixture.desk.reconsider();
  await fixture.settle();
  expect(await fixture.told('web:night')).toContain('📁 The folder of project `api`');
});

let broken: string | undefined;
function failing<T extends (message: never) => Promise<string>>(channel: string, post: T): T {
  broken = channel;
  return ((message: { channel: string }) => {
    if (message.channel === broken) throw new Error('it is on fire');
    return post(message as never);
  }) as unknown as T;
}
