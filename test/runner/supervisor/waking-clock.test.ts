import { expect, test, vi } from 'vitest';

import { createWakingClock } from '../../../src/runner/supervisor/waking-clock.ts';
import { watchTime } from '../../../src/runner/supervisor/watch-command.ts';

const hourMs = 3_600_000;

test('a clock goes on with each look, and leaves out what the host slept', () => {
  let atMs = 5_000;
  const look = createWakingClock(2_000, () => atMs);
  const seen = [300, 1_000, hourMs, 400].map((ms) => {
    atMs += ms;
    return look();
  });
  expect(seen).toEqual([300, 1_300, 3_300, 3_700]);
});

test('a time limit holds to the moment, and an hour of sleep does not count', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let sleptMs = 0;
    let workedMs = 0;
    const ends: string[] = [];
    const { close } = watchTime(
      10_000,
      (end) => ends.push(end),
      () => workedMs + sleptMs,
    );
    const work = (ms: number): void => {
      for (let left = ms; left > 0; left -= 50) {
        workedMs += 50;
        vi.advanceTimersByTime(50);
      }
    };
    work(4_000);
    sleptMs += hourMs;
    work(4_000);
    expect(ends).toEqual([]);
    work(2_000);
    expect(ends).toEqual(['timed-out']);
    close();
  } finally {
    vi.useRealTimers();
  }
});
