import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { AttemptProgress } from '../../src/model/attempt.ts';
import { createProgress } from '../../src/runner/progress.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('a new step is told at once, a flood of tools now and then, and the newest state last', () => {
  const told: AttemptProgress[] = [];
  const progress = createProgress('r1-1', (one) => told.push(one));
  progress.step('workspace');
  progress.step('claude');
  expect(told.map(({ step }) => step)).toEqual(['workspace', 'claude']);
  for (let count = 1; count <= 100; count += 1) progress.claude(`tool ${count}`, count);
  expect(told).toHaveLength(2);
  vi.advanceTimersByTime(400);
  expect(told.slice(2)).toEqual([{ attemptId: 'r1-1', step: 'claude', detail: 'tool 100', toolCalls: 100 }]);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(3);
  progress.claude('tool 101', 101);
  expect(told).toHaveLength(4);
  progress.claude('tool 102', 102);
  progress.stop();
  expect(vi.getTimerCount()).toBe(0);
});
