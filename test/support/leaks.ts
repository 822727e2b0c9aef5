import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, expect } from 'vitest';

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

afterEach(() => {
  const resources = process.getActiveResourcesInfo().filter((name) => leakable.has(name));
  expect([...resources, ...openDatabases()], 'left open by this test').toEqual([]);
});
