import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { CommandOutcome } from '../../../src/model/attempt.ts';
import { readJudge } from '../../../src/runner/judge/read-judge.ts';
import { commandFolder } from '../../../src/runner/supervisor/command-folder.ts';
import { fakeClaude } from '../../support/fake-runner.ts';
import { tempFolder } from '../../support/temp-repository.ts';

const mask = Object.assign((text: string) => text.replaceAll('hunter2', '[masked: PASSWORD]'), { longestSecret: 20 });
const result = (fields: object): string =>
  JSON.stringify({ type: 'result', subtype: 'success', is_error: false, total_cost_usd: 0.02, result: '', ...fields });
const said = (fields: object): string =>
  result({ structured_output: { verdict: 'pass', evidence: 'seen', places: [], ...fields } });

async function judged(lines: string[] | undefined, outcome: Partial<CommandOutcome> = {}) {
  const folder = commandFolder(join(tempFolder(), 'judge-1'));
  mkdirSync(folder.path);
  if (lines !== undefined) writeFileSync(folder.stream, lines.map((line) => `${line}\n`).join(''));
  return await readJudge(folder, { ...fakeClaude().outcome, ...outcome }, mask, 600_000);
}

test.each<[how: string, lines: string[] | undefined, outcome: Partial<CommandOutcome>, verdict: string, why: string]>([
  ['says pass', [said({})], {}, 'pass', 'seen'],
  ['says fail', [said({ verdict: 'fail' })], {}, 'fail', 'seen'],
  ['says undecided', [said({ verdict: 'undecided' })], {}, 'undecided', 'seen'],
  ['speaks in lines', [said({ evidence: ' One.\n\nTwo. ' })], {}, 'pass', 'One. Two'],
  ['says it and hangs', [said({})], { end: 'hung' }, 'pass', 'seen'],
  ['says it and something else after it', [said({}), result({})], {}, 'undecided', 'the judge gave no verdict'],
  ['says something else', [said({ verdict: 'maybe' })], {}, 'undecided', 'the judge gave no verdict'],
  ['says nothing', [result({})], {}, 'undecided', 'the judge gave no verdict'],
  [
    'gets an answer wrong five times',
    [
      result({
        subtype: 'error_max_structured_output_retries',
        is_error: true,
        result: undefined,
        errors: ['no luck'],
      }),
    ],
    { exitCode: 1 },
    'undecided',
    'the judge reported an error: no luck',
  ],
  [
    'spends the budget',
    [result({ subtype: 'error_max_budget_usd', is_error: true })],
    { exitCode: 1 },
    'undecided',
    'the budget is used up',
  ],
  [
    'reaches a limit',
    [result({ is_error: true, result: "You've hit your session limit · resets 3:45pm\nmore" })],
    { exitCode: 1 },
    'undecided',
    "the judge reported an error: You've hit your session limit · resets 3:45pm",
  ],
  ['says pass though it failed', [said({}).replace('"is_error":false', '"is_error":true')], {}, 'undecided', ''],
  ['crashes', [], { exitCode: 139 }, 'undecided', 'the judge ended without a result'],
  ['is killed with its supervisor', undefined, { end: 'lost' }, 'undecided', 'the judge was interrupted'],
  ['runs out of time', [], { end: 'timed-out' }, 'undecided', 'the judge ran out of time at 10 min'],
  ['is silent', [], { end: 'stalled' }, 'undecided', 'the judge gave no sign of life'],
  ['is stopped', [], { end: 'terminated' }, 'undecided', 'the host stopped the judge'],
  ['is cancelled', [], { end: 'cancelled' }, 'undecided', 'was cancelled'],
  [
    'is not there',
    undefined,
    { end: 'could-not-start', error: 'no claude' },
    'undecided',
    'the judge could not be started: no claude',
  ],
])('a judge that %s', async (_how, lines, outcome, verdict, why) => {
  const answer = await judged(lines, outcome);
  expect(answer.verdict).toBe(verdict);
  expect(answer.reason).toContain(why);
  expect(answer.isSaid).toBe(why === 'seen' || verdict !== 'undecided');
});

test('what a judge says is masked before it is cut, and its cost is known', async () => {
  const answer = await judged([said({ evidence: `${'x'.repeat(195)} hunter2`, places: ['a.ts:1 hunter2'] })]);
  expect(answer).toMatchObject({
    reason: expect.stringContaining('[masked: PASSWORD]'),
    places: ['a.ts:1 [masked: PASSWORD]'],
    costUsd: 0.02,
  });
});
