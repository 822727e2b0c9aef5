import { expect, onTestFinished, test } from 'vitest';

import { startDesk, testProject } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, fakeClaude, fakeSentence } from '../support/fake-runner.ts';

async function startJob(flags: string) {
  const runner = createFakeRunner();
  const desk = await startDesk({ runner, projects: [testProject()] });
  onTestFinished(() => desk.stop());
  await desk.say(`schedule raise everything --name raise ${flags}`);
  await desk.say('run raise');
  return { runner, desk };
}

const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
const accept = '--accept "nothing breaks"';

test('what the judge costs is taken from the budget of the next attempt', async () => {
  const { runner, desk } = await startJob(`${accept} --budget 5`);
  const failed = { ...fakeSentence('nothing breaks', 'fail', 'a parameter is gone'), output: 'src/cart.ts:3' };
  runner.report({
    claude: fakeClaude({ costUsd: 1 }),
    judge: { calls: 2, costUsd: 0.5, tokens },
    checksAfter: [fakeCheck('npm test', 0), failed],
  });
  expect(runner.started[1]).toMatchObject({
    budgetUsd: 3.5,
    earlier: {
      cause: '“nothing breaks” does not hold: a parameter is gone',
      failedChecks: [{ sentence: 'nothing breaks', evidence: 'a parameter is gone', output: 'src/cart.ts:3' }],
    },
  });
  expect(await desk.told()).toContain('about $1.50 so far');
});

test('the status message says which sentence is being judged', async () => {
  const { runner, desk } = await startJob(accept);
  runner.progress({ attemptId: 'r1-1', step: 'judge', detail: 'nothing breaks', toolCalls: 2 });
  expect(await desk.told()).toContain('judging “nothing breaks” · 2 tool calls');
});

test('of many changed files of checks the first ones are named', async () => {
  const { runner, desk } = await startJob('--accept "$ npm test"');
  runner.report({
    checksAfter: [fakeCheck('npm test', 0)],
    changedChecks: ['package.json (scripts)', ...Array.from({ length: 9 }, (_, at) => `test/${at}.js`)],
  });
  const told = await desk.told();
  expect(told).toMatch(
    /^changed the check itself: package\.json \(scripts\), test\/0\.js, .*test\/6\.js, and 2 more$/m,
  );
  expect(told).toMatch(/^ {4}changed the check itself: package\.json/m);
});

test('a run that leaves its checks alone says nothing of it', async () => {
  const { runner, desk } = await startJob('--accept "$ npm test"');
  runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
  expect(await desk.told()).not.toContain('changed the check');
});
