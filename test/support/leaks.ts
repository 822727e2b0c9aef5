import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { beforeEach, expect } from 'vitest';

/** Databases that this process holds open, by path. Reads Linux' /proc; elsewhere it sees none. */
function openDatabases(): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        return path.endsWith('.db') ? [path] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

const leakable = new Set(['ProcessWrap', 'TCPServerWrap', 'FSEventWrap', 'StatWatcher']);

function leftOpen(): string[] {
  return [...process.getActiveResourcesInfo().filter((name) => leakable.has(name)), ...openDatabases()];
}

/** What is open and was not before; a file may have opened something for all of its tests. */
function openedSince(before: readonly string[]): string[] {
  const opened = leftOpen();
  for (const name of before) {
    const at = opened.indexOf(name);
    if (at >= 0) opened.splice(at, 1);
  }
  return opened;
}

// Registered before the test's own hooks, hence run after all of them.
beforeEach(({ onTestFinished }) => {
  const before = leftOpen();
  onTestFinished(async () => {
    // A handle is closed some turns after that was asked for.
    for (let turn = 0; turn < 100 && openedSince(before).length > 0; turn += 1) await nextTurn();
    expect(openedSince(before), 'left open by this test').toEqual([]);
  });
});
