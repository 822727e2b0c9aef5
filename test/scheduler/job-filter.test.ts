import { expect, test } from 'vitest';
import { containsJson } from '../../src/scheduler/job-filter.ts';

test.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: { b: { c: 1, d: 2 } } }, { a: { b: { d: 2 } } }, true],
  [{ a: { b: 1 } }, { a: 1 }, false],
  [{ a: null }, { a: null }, true],
  [{}, { a: null }, false],
  [[1, 2, 3], [3, 1], true],
  [[1, 2], [3], false],
  [[{ id: 1, x: 1 }], [{ id: 1 }], true],
  [{ 0: 1 }, [1], false],
  [[1], { 0: 1 }, false],
  ['text', 'text', true],
  [1, '1', false],
  [null, {}, false],
  [{ a: 1 }, {}, true],
])('%j contains %j: %s', (whole, part, isIn) => {
  expect(containsJson(whole, part)).toBe(isIn);
});
