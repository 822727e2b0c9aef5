import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatDuration, parseDurationMs } from '../../src/model/duration.ts';

const s = 1000;
const min = 60 * s;
const h = 60 * min;
const day = 24 * h;

describe('parseDurationMs', () => {
  test.each([
    ['2h', 2 * h],
    ['90m', 90 * min],
    ['1h30m', h + 30 * min],
    ['1h 30m', h + 30 * min],
    ['1h 30 min', h + 30 * min],
    ['45 min', 45 * min],
    ['45mins', 45 * min],
    ['30 s', 30 * s],
    ['30sec', 30 * s],
    ['2 days', 2 * day],
    ['1 day 12 hours', 36 * h],
    ['1w', 7 * day],
    ['1.5 h', 90 * min],
    ['0.1s', 100],
    ['2 Hours', 2 * h],
    ['  2 hrs ', 2 * h],
    ['1 hour and 30 minutes', h + 30 * min],
    ['1 hour, 30 minutes', h + 30 * min],
    ['0s', 0],
  ])('%j is a duration', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  test.each([
    '',
    ' ',
    '2',
    'h',
    'two hours',
    '2 parsecs',
    '-2h',
    '30m1h',
    '1h1h',
    '2h later',
    '1 h and',
    '1h,',
    'and 1h',
    '1e3 s',
    '1..5h',
    '99999999999999999999h',
  ])('%j is none', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0 s'],
    [-40, '0 s'],
    [-h, '0 s'],
    [40, '0 s'],
    [420, '0.4 s'],
    [960, '1 s'],
    [12 * s, '12 s'],
    [59.6 * s, '1 min'],
    [90 * s, '1 min 30 s'],
    [9 * min + 59.7 * s, '10 min'],
    [14 * min + 20 * s, '14 min'],
    [45 * min, '45 min'],
    [59 * min + 40 * s, '1 h'],
    [90 * min, '1 h 30 min'],
    [2 * h, '2 h'],
    [23 * h + 59 * min + 50 * s, '1 day'],
    [36 * h, '1 day 12 h'],
    [2 * day, '2 days'],
    [2 * day + 3 * h + 10 * min, '2 days 3 h'],
  ])('%d ms is said as %j', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('what it says is what was meant: whole minutes below a day are read back unchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 60 - 1 }), (minutes) => {
        expect(parseDurationMs(formatDuration(minutes * min))).toBe(minutes * min);
      }),
    );
  });
});
