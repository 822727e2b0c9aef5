import { expect, test } from 'vitest';

import { prettyLogLine } from '../../src/cli/pretty-log.ts';

const time = Date.parse('2026-11-23T02:00:00Z');
const clock = new Date(time).toTimeString().slice(0, 8);

test('a line of the log is time, level, words and facts, without what every line has', () => {
  const line = { level: 40, time, pid: 7, reference: 'f-1', count: 2, msg: 'The disk is full' };
  expect(prettyLogLine(`${JSON.stringify(line)}\n`)).toBe(`${clock} warn  The disk is full reference=f-1 count=2\n`);
});

test('an error has its stack below', () => {
  const err = { type: 'Error', message: 'no', stack: 'Error: no\n    at a.ts:1' };
  expect(prettyLogLine(JSON.stringify({ level: 50, time, pid: 7, err, msg: 'A fault' }))).toBe(
    `${clock} error A fault\n    Error: no\n        at a.ts:1\n`,
  );
});
