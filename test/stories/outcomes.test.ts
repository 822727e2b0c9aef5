import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';

import { expect, test } from 'vitest';

import { bash, fail, say, together, usageLimit, write } from '../support/script.ts';
import { answerProject, check, startStory } from '../support/story.ts';

const answer = (text: string) => bash(`echo ${text} > answer.txt`);
const rightAnswer = [together(say('I write it down.'), answer('42')), say('The answer is 42 now.')];
const wrongAnswer = [answer('40'), say('It should be right.')];

test('a job that succeeds at once tells its proof', async () => {
  const story = await startStory({ script: [rightAnswer] });
  await story.say(`schedule set the answer right --name answer ${check} --when "in 10 minutes"`);
  story.clock.advance(600_000);
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded');
  expect(told).toContain('checks: `bash check.sh` failed before, passes now');
  expect(told).toContain('branch `nightdesk/answer/r1` · 1 file, +1 −1');
  expect(told).toContain('Claude says: The answer is 42 now.');
  const thread = story.chat.threadMessages(story.runMessage(1).id, { limit: 50 });
  expect(thread.flatMap((message) => message.attachments.map((file) => file.name))).toEqual([
    'attempt-1.log',
    'changes.patch',
  ]);
  expect(readFileSync(`${story.projectPath}/answer.txt`, 'utf8')).toBe('41\n');
});

test('a job that fails its check is told what failed, and succeeds on its second attempt', async () => {
  const story = await startStory({ script: [wrongAnswer, rightAnswer] });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  const second = story.model.turns().find((request) => request.conversation === 2);
  expect(second?.prompt).toContain('wrong: 40');
  expect(second?.prompt).toContain('`bash check.sh` exits 3');
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded on attempt 2');
  expect(told).toMatch(/ {4}attempt 1: `bash check\.sh` exits 3 .*\. Attempt 2 has started, with what went wrong\./);
  expect(told).toContain('      wrong: 40');
});

test('a job gives up after its retries, and its owner is told', async () => {
  const story = await startStory({ script: [wrongAnswer, wrongAnswer] });
  await story.say(`schedule set the answer right --name answer ${check} --retries 1`);
  await story.say('run answer');
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('❌ answer r1 failed after 2 attempts: `bash check.sh` exits 3');
  expect(told).toContain('The work so far is on its branch. 🔁 tries again from there, with what failed.');
  expect(told).toMatch(/ {4}@ada ❌ answer r1 failed after 2 attempts/);
});

test('a job that passes with nothing to change says so', async () => {
  const story = await startStory({
    script: [[say('Nothing to do.')]],
    files: { ...answerProject, 'answer.txt': '42\n' },
  });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded, no changes');
  expect(told).toContain('`bash check.sh` passes, and passed before');
});

test('a check that failed on main already is told as such', async () => {
  const story = await startStory({ script: [wrongAnswer] });
  await story.say(`schedule set the answer right --name answer ${check} --retries 0`);
  await story.say('run answer');
  await story.until(1);
  expect(await story.told()).toContain('`bash check.sh` exits 3; it failed before attempt 1 already');
});

test('a job without checks finishes unverified', async () => {
  const story = await startStory({ script: [rightAnswer] });
  const reply = await story.say('schedule set the answer right --name answer');
  expect(reply).toContain('Nothing is checked: results will be `unverified`');
  await story.say('run answer');
  await story.until(1);
  expect(await story.told()).toContain('❔ answer r1 finished, unverified: no checks were given');
});

test('an API error that calls itself a success is a failure', async () => {
  const story = await startStory({ script: [[fail(400, 'invalid_request_error', 'the request is malformed')]] });
  await story.say(`schedule set the answer right --name answer ${check} --retries 0`);
  await story.say('run answer');
  await story.until(1);
  const result = story.store.attempts.ofRun(1)[0]?.report?.claude?.result;
  expect([result?.subtype, result?.isError]).toEqual(['success', true]);
  expect(await story.told()).toMatch(/❌ answer r1 failed: Claude Code reported an error: .*malformed/);
});

test('a usage limit defers the run until it resets, and uses no attempt', async () => {
  const resetsAt = new Date('2026-11-23T09:00:00Z');
  const story = await startStory({ script: [[usageLimit(resetsAt)], rightAnswer], login: 'subscription' });
  await story.say(`schedule set the answer right --name answer ${check} --retries 0`);
  await story.say('run answer');
  await story.until(1, 'deferred');
  expect(await story.told()).toMatch(
    /🕔 answer r1 waits until .*: the Claude usage limit resets then\. No attempt was used\./,
  );
  story.clock.moveTo(new Date(resetsAt.getTime() + 1_000));
  await story.until(1);
  expect(await story.told()).toContain('✅ answer r1 succeeded');
  expect(story.store.runs.get(1)?.attemptsUsed).toBe(1);
});

test('denied permissions are told where the checks pass', async () => {
  const story = await startStory({
    script: [[write('answer.txt', '42\n'), bash('curl -s http://127.0.0.1:9'), say('I could not look it up.')]],
    claude: { permissionMode: 'dontAsk', allowedTools: ['Write', 'Edit'] },
  });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded');
  expect(told).toContain('Not allowed: `curl -s http://127.0.0.1:9`');
});

test('denied permissions are the cause where the checks fail', async () => {
  const story = await startStory({
    script: [[bash('curl -s http://127.0.0.1:9'), say('I could not look it up.')]],
    claude: { permissionMode: 'dontAsk', allowedTools: ['Write'] },
  });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  const told = await story.told();
  expect(told).toContain('🔒 answer r1 failed: Claude was not allowed to run `curl -s http://127.0.0.1:9`');
  expect(told).toContain('Allow it with `allowedTools` of project `api`.');
});

test('a missing CLI fails the run at once, and says what to do', async () => {
  const story = await startStory({ script: [], claude: { command: ['/nowhere/claude'] } });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  expect(await story.told()).toMatch(/❌ answer r1 failed: .*\/nowhere\/claude/);
});

test('a project folder that is gone fails the run, and says which', async () => {
  const story = await startStory({ script: [], project: { path: '/nowhere/project' } });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  expect(await story.told()).toMatch(/❌ answer r1 failed: .*\/nowhere\/project/);
});

test('a set-up command that fails is the result, with its output', async () => {
  const story = await startStory({ script: [], project: { setup: 'echo no such package; exit 7' } });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  const told = await story.told();
  expect(told).toMatch(/❌ answer r1 failed: .*exit.* 7/);
  expect(told).toContain('no such package');
  expect(story.model.requests).toEqual([]);
});

test('the worktree is on a branch of its own and the project stays as it was', async () => {
  const story = await startStory({ script: [[write('new.txt', 'x'), say('Done.')]] });
  await story.say('schedule add a file --name add');
  await story.say('run add');
  await story.until(1);
  expect(existsSync(`${story.projectPath}/new.txt`)).toBe(false);
  expect(await story.told()).toContain('branch `nightdesk/add/r1` · 1 file');
});

test('a store that gives out a run number again does not take the old run for the new one', async () => {
  const story = await startStory({ script: [rightAnswer, wrongAnswer] });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  await story.stop({ keep: true });
  for (const name of readdirSync(story.directory).filter((file) => file.startsWith('nightdesk.db'))) {
    rmSync(`${story.directory}/${name}`);
  }
  await story.begin();
  await story.say(`schedule something else --name other ${check} --retries 0`);
  await story.say('run other');
  await story.until(1);
  expect(await story.told()).toContain('❌ other r1 failed: `bash check.sh` exits 3');
  expect(readdirSync(`${story.directory}/runs`).some((name) => name.startsWith('r1.before-'))).toBe(true);
});
