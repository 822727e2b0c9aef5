import { expect, test } from 'vitest';

import { isSpent, whyNotJudged } from '../../../src/runner/judge/why-not-judged.ts';
import { fakeCheck, fakeClaude } from '../../support/fake-runner.ts';

const timedOut = fakeClaude({ outcome: { ...fakeClaude().outcome, end: 'timed-out' } });
const undecided = { ...fakeCheck('npm test', null), verdict: 'undecided' as const };

test.each([
  ['without commands', fakeClaude(), [], undefined],
  ['where all commands passed', fakeClaude(), [fakeCheck('npm test', 0)], undefined],
  ['where a command could not be run', fakeClaude(), [undecided], undefined],
  ['where a command failed', fakeClaude(), [fakeCheck('npm test', 0), fakeCheck('make', 2)], '`make` failed first'],
  ['where Claude ran out of time', timedOut, [fakeCheck('npm test', 0)], 'Claude did not finish'],
  ['where Claude left no result', fakeClaude({ result: null }), [], 'Claude did not finish'],
])('%s the sentences have a reason not to be judged, or none', (_where, claude, commands, why) => {
  expect(whyNotJudged(claude, commands)).toBe(why);
});

test.each([
  [undefined, false],
  [0.5, false],
  [0.01, true],
  [-0.2, true],
])('with %s dollars left the budget is spent: %s', (left, is) => {
  expect(isSpent(left)).toBe(is);
});
