import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startBot, type BotProcess } from '../support/bot-process.ts';
import { canBuild, createDiskFault } from '../support/disk-fault.ts';
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
let disk: ReturnType<typeof createDiskFault>;

const work: Script = [
  [say('Nothing yet.')],
  [bash('touch begun; until [ -e gate ]; do sleep 0.1; done; echo 42 > answer.txt'), say('The answer is 42 now.')],
  [say('I looked again.')],
];
const check = '--accept "$ bash check.sh" --retries 0';

beforeEach(async () => {
  root = tempFolder();
  mkdirSync(join(root, 'home'));
  makeRepository(join(root, 'project'), answerProject);
  model = await startScriptedModel(work);
  config = join(root, 'nightdesk.yaml');
  const env = model.env(join(root, 'home'));
  const names = Object.keys(env).filter((name) => name !== 'PATH' && name !== 'HOME');
  const yaml = {
    dataDirectory: 'data',
    claude: { command: [claudePath], env: names },
    projects: { api: { path: 'project' } },
    disk: { minFree: '50 MB' },
    web: { port: 0, people: ['ada'] },
    alerts: 'web:general',
  };
  writeFileSync(config, JSON.stringify(yaml));
  if (!canBuild) return;
  disk = createDiskFault(join(root, 'fault'), join(root, 'data'));
  bot = await startBot(config, { ...env, ...disk.env });
}, 90_000);
afterEach(async () => {
  await bot?.end('SIGKILL');
  bot = undefined;
  await model.close();
});

const at = (): BotProcess => bot ?? expect.fail('no bot runs');
const data = (...names: string[]): string => join(root, 'data', ...names);
const type = async (text: string): Promise<string> =>
  ((await at().api('command', { channel: 'general', text })) as { text: string }).text;
const status = async (run: string): Promise<unknown> =>
  ((await at().api(`runs/${run}`)) as { run: { status: string } }).run.status;
const until = (fn: () => unknown, timeout = 60_000) => vi.waitFor(fn, { timeout, interval: 200 });
const ready = async () => {
  const response = await fetch(`${at().url}/readyz`);
  return [response.status, await response.json()];
};
async function told(): Promise<string> {
  const { messages } = (await at().api('channels/general/messages')) as { messages: { text: string }[] };
  return messages.map(({ text }) => text).join('\n');
}

const refused =
  "The disk of the host is full or can't be written: nothing was changed, and nothing new is taken until it can be. `nightdesk doctor` on the host says what to do.";

test.skipIf(!canBuild)(
  'a disk that becomes read-only stops nothing that runs; all is read, nothing is taken, and all goes on when it is mended',
  async () => {
    await type(`schedule look about --name first ${check}`);
    await type('run first');
    await until(async () => expect(await status('r1')).toBe('failed'));
    await type(`schedule set the answer right --name answer ${check}`);
    await type('run answer');
    await until(() => expect(existsSync(data('worktrees/r2/begun'))).toBe(true));
    // Due while nothing can be written.
    await type(`schedule look again --name often --when "* * * * *" ${check}`);

    disk.setReadOnly();
    expect(await type('schedule more --name more')).toBe(refused);
    expect(await type('pause first')).toBe(refused);
    expect(await type('list')).toContain('last: r2 running');
    expect(await type('show r2')).toContain('answer r2');
    expect(await type('history')).toContain('first r1 failed');
    expect(await type('log r1')).toContain(
      "No file is attached: the disk of the host is full or can't be written. The run's page has its log.",
    );
    expect(await at().api('jobs')).toMatchObject({ jobs: [{ name: 'answer' }, { name: 'first' }, { name: 'often' }] });
    expect((await fetch(`${at().url}/healthz`)).status).toBe(200);
    expect(await ready()).toMatchObject([
      503,
      { parts: { store: { isOk: false }, disk: { isOk: false, why: "it can't be written (EROFS)" } } },
    ]);
    expect(await (await fetch(`${at().url}/metrics`)).text()).toContain('nightdesk_disk_writable 0');

    // Claude ends, and an occurrence falls due, while nothing of that can be written down.
    writeFileSync(data('worktrees/r2/gate'), '');
    await until(() => expect(existsSync(data('runs/r2/1/claude/outcome.json'))).toBe(true));
    const inTheClock = () =>
      at()
        .stderr()
        .match(/A fault in the alarm clock/g)?.length ?? 0;
    await until(() => expect(inTheClock()).toBeGreaterThan(0), 90_000);
    const [since, lines] = [performance.now(), at().stderr().split('\n').length];
    await until(() => expect(inTheClock()).toBeGreaterThan(3));
    // Tried again at the pace of the clock: nothing goes round in a loop.
    const perSecond = (at().stderr().split('\n').length - lines) / ((performance.now() - since) / 1_000);
    expect(perSecond).toBeLessThan(10);
    expect(await status('r2')).toBe('running');

    disk.mend();
    await until(async () => expect(await status('r2')).toBe('succeeded'), 90_000);
    await until(async () => expect(await told()).toContain('can be written again. It could not be since'));
    await until(async () => expect(await told()).toContain('✅ answer r2 succeeded'));
    expect((await told()).match(/r2 succeeded/g)).toHaveLength(1);
    await until(async () => expect(await type('history often')).toContain('often r3'));
    await until(async () => expect((await ready())[0]).toBe(200));
    expect(
      model.turns().filter(({ prompt, turn }) => prompt.includes('set the answer right') && turn === 1),
    ).toHaveLength(1);
    await type('pause often');
  },
  240_000,
);

test.skipIf(!canBuild)(
  'on a disk that takes nothing a run can be cancelled, the bot ends as it is asked to, and says why it can not start',
  async () => {
    await type(`schedule set the answer right --name answer ${check.replace('0', '2')}`);
    await type('run answer');
    await until(() => expect(existsSync(data('runs/r1/1/claude/child.json'))).toBe(true));
    disk.setReadOnly();
    expect(await type('cancel r1')).toContain('🛑 answer r1 is being cancelled.');
    await until(() => expect(existsSync(data('runs/r1/1/claude/outcome.json'))).toBe(true));
    expect(await status('r1')).toBe('running');
    disk.mend();
    await until(async () => expect(await told()).toContain('🛑 answer r1 cancelled by @ada'));
    expect(existsSync(data('runs/r1/2'))).toBe(false);

    disk.setReadOnly();
    expect(await at().end('SIGTERM')).toEqual({ code: 0, signal: null });
    const env = { ...model.env(join(root, 'home')), ...disk.env };
    const { code, stderr } = await runNightdesk(['start', '--config', config], { cwd: root, env });
    expect(code).toBe(1);
    expect(stderr).toContain(`${join(root, 'data')} can't be the data directory`);
    const found = await runNightdesk(['doctor', '--config', config], { cwd: root, env });
    expect(found.stdout).toContain("❌ disk: it can't be written: EROFS");
  },
);

test.skipIf(!canBuild)(
  'a disk on which an fsync takes three seconds is slow, and no more when it is quick again',
  async () => {
    disk.setSlow(3_000);
    expect(await ready()).toMatchObject([
      503,
      {
        parts: {
          disk: { isOk: false, why: expect.stringMatching(/^it is slow: a small file took \d+\.\d s to be written$/) },
        },
      },
    ]);
    disk.mend();
    await until(async () => expect((await ready())[0]).toBe(200));
  },
  90_000,
);
