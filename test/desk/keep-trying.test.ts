import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createKeepTrying } from '../../src/desk/keep-trying.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(failures: number) {
  const taken: string[] = [];
  const faults: unknown[] = [];
  let left = failures;
  const trying = createKeepTrying<string>({
    what: 'settling an attempt',
    take(thing) {
      left -= 1;
      if (left >= 0) throw new Error('database is locked');
      taken.push(thing);
    },
    onFault: (error) => void faults.push(error),
  });
  return { trying, taken, faults };
}

test('what fails is tried again after growing pauses, and taken once', () => {
  const { trying, taken, faults } = setUp(2);
  trying.hand('report');
  vi.advanceTimersByTime(1_000);
  expect(taken).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(taken).toEqual(['report']);
  vi.advanceTimersByTime(600_000);
  expect(taken).toEqual(['report']);
  expect(faults).toHaveLength(2);
});

test('nothing is tried after the stop', () => {
  const { trying, taken } = setUp(1);
  trying.hand('report');
  trying.stop();
  vi.advanceTimersByTime(600_000);
  expect(taken).toEqual([]);
});
