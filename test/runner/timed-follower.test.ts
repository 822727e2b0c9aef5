import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createTimedFollower } from '../../src/runner/timed-follower.ts';
import { tempFolder } from '../support/temp-repository.ts';

test('a second follower hands on the same bytes with the same times, and goes on with new ones', async () => {
  const folder = tempFolder();
  const [path, timesPath] = [join(folder, 'stream'), join(folder, 'times')];
  let nowMs = 1000;
  function follow(): { seen: [string, number][]; readOn: () => Promise<void>; close: () => void } {
    const seen: [string, number][] = [];
    const follower = createTimedFollower({
      path,
      timesPath,
      now: () => new Date(nowMs),
      onBytes: (chunk, atMs) => seen.push([chunk.toString(), atMs]),
    });
    return { seen, readOn: () => follower.readOn(), close: () => follower.close() };
  }

  const first = follow();
  await first.readOn();
  expect(first.seen).toEqual([]);
  writeFileSync(path, 'one ');
  await first.readOn();
  nowMs = 2000;
  appendFileSync(path, 'two ');
  await first.readOn();
  await first.readOn();
  first.close();
  // A crash in the middle of writing a time down.
  appendFileSync(timesPath, '[99');

  nowMs = 9000;
  appendFileSync(path, 'three');
  const second = follow();
  await second.readOn();
  second.close();

  expect(first.seen).toEqual([
    ['one ', 1000],
    ['two ', 2000],
  ]);
  expect(second.seen).toEqual([...first.seen, ['three', 9000]]);
});
