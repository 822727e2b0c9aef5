import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-summary-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const suite = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: status === 'failed' && tests.length === 0 ? 'no such module\nat …' : '',
  assertionResults: tests.map((status) => ({ status })),
});

const report = (numPassedTests: number, numPendingTests: number, ...testResults: unknown[]): string =>
  JSON.stringify({ numPassedTests, numPendingTests, numTodoTests: 0, testResults });

test.each<[title: string, text: string, codes: string[], status: number, lines: string[]]>([
  [
    'all passed',
    report(2, 0, suite('passed', 'passed', 'passed')),
    ['check=0', 'test=0', 'chaos=0'],
    0,
    ['2 passed, 0 failed'],
  ],
  [
    'some skipped',
    report(2, 3, suite('passed', 'passed', 'passed')),
    ['check=0', 'test=0', 'chaos=0'],
    0,
    ['2 passed, 0 failed, 3 skipped'],
  ],
  [
    'one failed',
    report(1, 0, suite('failed', 'passed', 'failed')),
    ['check=0', 'test=1', 'chaos=0'],
    1,
    ['1 passed, 1 failed'],
  ],
  [
    'a file that cannot be loaded',
    report(1, 0, suite('passed', 'passed'), suite('failed')),
    ['check=0', 'test=1', 'chaos=0'],
    1,
    ['a.test.ts could not be run: no such module', '1 passed, 1 failed'],
  ],
  [
    'a fault outside of the tests',
    report(1, 0, suite('passed', 'passed')),
    ['check=0', 'test=1', 'chaos=0'],
    1,
    ['The tests passed, but something around them failed: see above.', '1 passed, 1 failed'],
  ],
  ['no end', '', ['check=0', 'test=124', 'chaos=0'], 1, ['The tests came to no end.', '0 passed, 1 failed']],
  [
    'a failed gate',
    report(1, 0, suite('passed', 'passed')),
    ['check=2', 'test=0', 'chaos=0'],
    1,
    ['npm run check failed: see above.', '1 passed, 1 failed'],
  ],
  [
    'a seed with a fault',
    report(1, 0, suite('passed', 'passed')),
    ['check=0', 'test=0', 'chaos=1'],
    1,
    ['npm run chaos failed: see above.', '1 passed, 1 failed'],
  ],
])('%s', (_, text, codes, status, lines) => {
  const path = join(folder, 'report.json');
  writeFileSync(path, text);
  const result = spawnSync(process.execPath, ['scripts/summarize-tests.ts', path, ...codes], { encoding: 'utf8' });
  expect({ status: result.status, lines: result.stdout.trimEnd().split('\n') }).toEqual({ status, lines });
});
