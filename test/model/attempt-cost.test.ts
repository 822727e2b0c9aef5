import { expect, test } from 'vitest';

import { attemptCost } from '../../src/model/attempt-cost.ts';
import { fakeClaude } from '../support/fake-runner.ts';

const tokens = { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 };
const judge = { calls: 2, costUsd: 0.25, tokens };
const claude = fakeClaude({ costUsd: 0.5 });

test.each([
  ['Claude and judge', claude, judge, 0.75, { input: 11, output: 22, cacheRead: 33, cacheWrite: 44 }],
  ['Claude alone', claude, null, 0.5, claude.tokens],
  ['a Claude that was killed', fakeClaude({ costUsd: null }), null, null, claude.tokens],
  ['a Claude that told no cost, and a judge', fakeClaude({ costUsd: null }), judge, 0.25, expect.anything()],
  ['neither', null, null, null, null],
])('the cost of %s', (_what, claude, judge, costUsd, tokens) => {
  expect(attemptCost({ claude, judge })).toEqual({ costUsd, tokens });
});
