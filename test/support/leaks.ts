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

// Registered before the test's own hooks, hence run after all of them.
beforeEach(({ onTestFinished }) => {
  onTestFinished(async () => {
    // A handle is closed some turns after that was asked for.
    for (let turn = 0; turn < 100 && leftOpen().length > 0; turn += 1) await nextTurn();
    expect(leftOpen(), 'left open by this test').toEqual([]);
  });
});
