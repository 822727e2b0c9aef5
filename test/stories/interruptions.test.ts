import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test, vi } from 'vitest';

import { bash, hang, say, together } from '../support/script.ts';
import { check, startStory, type Story } from '../support/story.ts';
import { usualPolicies } from '../support/usual-policies.ts';

const rightAnswer = [bash('echo 42 > answer.txt'), say('The answer is 42 now.')];

async function schedule(story: Story, flags = ''): Promise<void> {
  await story.say(`schedule set the answer right --name answer ${check} ${flags}`);
  await story.say('run answer');
}

/** Waits until the tool that writes this file into the workspace is at work. */
async function untilFile(story: Story, name: string): Promise<void> {
  await vi.waitFor(() => expect(existsSync(`${story.directory}/worktrees/r1/${name}`)).toBe(true), {
    timeout: 20_000,
    interval: 20,
  });
}

const sleepingTool = together(say('This takes a while.'), bash('touch started; sleep 600', { timeout: 600_000 }));

test('an attempt that runs out of time is ended, in the tool that was open, and another one starts', async () => {
  const story = await startStory({
    script: [[sleepingTool], rightAnswer],
    settings: { runDefaults: { timeoutMs: 6_000, retries: 2, notify: 'failure', ...usualPolicies } },
  });
  await schedule(story);
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded on attempt 2');
  expect(told).toMatch(
    /attempt 1: ran out of time at 6 s, in `touch started; sleep 600` \(open for \d+ s\).*Attempt 2 has started/,
  );
  expect(processesOf(story)).toEqual([]);
});

test('🛑 ends a run in the middle of a tool, and nothing of it is left', async () => {
  const story = await startStory({ script: [[sleepingTool]] });
  await schedule(story);
  await untilFile(story, 'started');
  expect(processesOf(story)).not.toEqual([]);
  await story.react(1, '🛑');
  story.clock.advance(5_000);
  await story.until(1);
  const told = await story.told();
  expect(told).toMatch(/🛑 answer r1 cancelled by @ada after \d+ s/);
  expect(told).toContain('🛑 @ada cancels this run.');
  expect(processesOf(story)).toEqual([]);
});

test('🛑 that is taken back in time leaves the run alone', async () => {
  const story = await startStory({ script: [[bash('touch started; sleep 1; echo 42 > answer.txt'), say('Done.')]] });
  await schedule(story);
  await untilFile(story, 'started');
  await story.react(1, '🛑');
  story.clock.advance(4_000);
  await story.react(1, '🛑', 'web:ada', 'removed');
  story.clock.advance(60_000);
  await story.until(1);
  expect(await story.told()).toContain('✅ answer r1 succeeded');
});

test('🔁 retries a failed run from its branch, and its prompt holds what failed before', async () => {
  const wrong = [bash('echo 40 > answer.txt; echo half > half.txt'), say('It should be right.')];
  const look = bash('cat half.txt');
  const story = await startStory({ script: [wrong, [look, ...rightAnswer]] });
  await schedule(story, '--retries 0');
  await story.until(1);
  await story.told();
  await story.react(1, '🔁');
  story.clock.advance(5_000);
  await story.until(2);
  const retry = story.model.turns().filter((request) => request.conversation === 2);
  expect(retry[0]?.prompt).toContain('wrong: 40');
  expect(retry[1]?.latest).toContain('half');
  const told = await story.told();
  expect(told).toContain('❌ answer r1 failed: `bash check.sh` exits 3');
  expect(told).toContain('✅ answer r2 succeeded');
  expect(told).toContain('    Retry of r1, asked for by @ada.');
});

test('a silent model is a stall, and the next attempt goes on', async () => {
  const story = await startStory({ script: [[hang()], rightAnswer], limits: { stallMs: 5_000 } });
  await schedule(story);
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded on attempt 2');
  expect(told).toMatch(/attempt 1: gave no sign of life.*Attempt 2 has started/);
});

test('an attempt whose supervisor is killed is lost, which its thread says, and another one starts', async () => {
  const story = await startStory({ script: [[hang()], rightAnswer] });
  await schedule(story);
  await vi.waitFor(() => expect(story.model.turns()).toHaveLength(1), { timeout: 20_000, interval: 20 });
  const supervisor = readFileSync(`${story.directory}/runs/r1/1/claude/supervisor.json`, 'utf8');
  process.kill((JSON.parse(supervisor) as { pid: number }).pid, 'SIGKILL');
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded on attempt 2');
  expect(told).toMatch(/attempt 1: .*was killed from outside.*Attempt 2 has started/);
});

test('a background task that outlives the first result is waited for', async () => {
  const isTold = `grep -q '"type":"result"' ../../runs/r1/1/claude/stream.jsonl`;
  const story = await startStory({
    script: [
      [
        bash(`until ${isTold}; do sleep 0.1; done; echo 42 > answer.txt`, { run_in_background: true }),
        say('It works in the background.'),
        say('The background task has ended.'),
      ],
    ],
  });
  await schedule(story);
  await story.until(1);
  expect(await story.told()).toContain('✅ answer r1 succeeded');
  const stream = readFileSync(`${story.directory}/runs/r1/1/claude/stream.jsonl`, 'utf8');
  expect(stream.match(/^{"type":"result"|,"type":"result"/gm)).toHaveLength(2);
});

test('a run whose worktree disappears under it has failed, and says so', async () => {
  const story = await startStory({ script: [[bash('rm -rf "$PWD"; true'), say('I cleaned up.')]] });
  await story.say('schedule clean up --name clean');
  await story.say('run clean');
  await story.until(1);
  expect(await story.told()).toContain('❌ clean r1 failed: the folder that Claude worked in is gone');
});

test('children that a tool leaves behind are gone when the attempt has ended, and are told of', async () => {
  const leave = [
    'setsid sleep 601 &',
    'env -i setsid sleep 602 >/dev/null 2>&1 &',
    `(trap '' TERM; sleep 603) >/dev/null 2>&1 &`,
    '(setsid bash -c "sleep 604 &" &) >/dev/null 2>&1',
    'echo 42 > answer.txt',
  ].join('\n');
  const story = await startStory({ script: [[bash(leave), say('Left some running.')]] });
  await schedule(story);
  await story.until(1);
  expect(await story.told()).toContain('✅ answer r1 succeeded');
  expect(sleepers()).toEqual([]);
  expect(story.store.attempts.ofRun(1)[0]?.report?.treeProven).toBe(true);
});

test('a desk that is restarted in the middle of an attempt goes on with it and tells the result once', async () => {
  const story = await startStory({
    script: [[bash('touch started; sleep 1.5; echo 42 > answer.txt'), say('The answer is 42 now.')]],
  });
  await schedule(story);
  await untilFile(story, 'started');
  await story.restart();
  await story.until(1);
  const told = await story.told();
  expect(told.match(/r1 succeeded/g)).toHaveLength(1);
  expect(told.match(/✅ `bash check\.sh` failed before, passes now/g)).toHaveLength(1);
  expect(story.model.turns().filter((request) => request.turn === 1)).toHaveLength(1);
});

test('200 MB of output and a line of 50 MB cost no memory, and the result is told', async () => {
  const flood = fileURLToPath(new URL('../fixtures/commands/flooding-claude.ts', import.meta.url));
  const story = await startStory({ script: [], claude: { command: [process.execPath, flood] } });
  const before = process.memoryUsage().rss;
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  try {
    await schedule(story, '--retries 0');
    await story.until(1);
  } finally {
    clearInterval(sampling);
  }
  expect(statSync(`${story.directory}/runs/r1/1/claude/stream.jsonl`).size).toBeGreaterThan(250_000_000);
  // Holding the stream, or only its longest line as text, would take more than this.
  expect((peak - before) / 1e6).toBeLessThan(150);
  const told = await story.told();
  expect(told).toContain('❌ answer r1 failed: `bash check.sh` exits 3');
  expect(told).toContain('Claude says: That was all.');
}, 120_000);

/** Commands that run in the story's folders. A supervisor runs in none: it ends by itself a moment after its command. */
const processesOf = (story: Story): string[] =>
  processes()
    .filter(({ cwd }) => cwd.startsWith(`${story.directory}/`))
    .map(({ line }) => line);

const sleepers = (): string[] =>
  processes()
    .map(({ line }) => line)
    .filter((line) => /^sleep 60[1-4]$/.test(line));

function processes(): { line: string; cwd: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ line, cwd: readlinkSync(`/proc/${pid}/cwd`) }];
      } catch {
        return [];
      }
    });
}
