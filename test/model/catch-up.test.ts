import { expect, test } from 'vitest';

import { splitDue } from '../../src/model/catch-up.ts';
import { maxCaughtUp, type CatchUpRule } from '../../src/model/overlap.ts';

const now = new Date('2026-11-23T12:00:00Z');
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

/** Minutes ago; within an hour. */
const cases: [CatchUpRule, queued: number, due: number[], missed: number[], caught: number[], current?: number][] = [
  ['skip', 0, [3, 2], [3, 2], []],
  ['skip', 0, [3, 2, 0], [3, 2], [], 0],
  ['skip', 0, [1], [], [], 1],
  ['latest', 0, [3, 2], [3], [2]],
  ['latest', 0, [3, 2, 1], [3, 2], [], 1],
  ['latest', 0, [60], [], [60]],
  ['latest', 0, [62, 61], [62, 61], []],
  ['all', 0, [62, 60, 2], [62], [60, 2]],
  ['all', 0, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4], [14], [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]],
  ['all', 0, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 0], [13], [12, 11, 10, 9, 8, 7, 6, 5, 4], 0],
  ['all', 8, [5, 4, 3], [5], [4, 3]],
  ['all', 9, [5, 4, 0], [5, 4], [], 0],
  ['all', 12, [5, 4], [5, 4], []],
  ['latest', 0, [], [], []],
];

test.each(cases)('%s with %i in the queue, due %j minutes ago: missed %j, caught up %j', (...given) => {
  const [rule, queued, due, missed, caught, current] = given;
  expect(splitDue({ due: due.map(minutesAgo), rule, withinMs: 3_600_000, places: maxCaughtUp - queued, now })).toEqual({
    missed: missed.map(minutesAgo),
    caught: caught.map(minutesAgo),
    current: current === undefined ? undefined : minutesAgo(current),
  });
});
