import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/** Only root may mount, and not in every container. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-mount-'));
  const isMounted = mount(folder, 1);
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
}

function mount(folder: string, megabytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0;
}

/** A disk of its own, as small as the test wants it, until the test ends. */
export function smallDisk(megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-disk-'));
  if (!mount(folder, megabytes)) throw new Error(`no disk could be mounted at ${folder}`);
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const ballast = join(folder, 'ballast');
  return {
    folder,
    /** Writes until nothing more fits but `leaveBytes`. */
    fill(leaveBytes = 0): void {
      const file = openSync(ballast, 'w');
      const block = Buffer.alloc(4096);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
      truncateSync(ballast, statSync(ballast).size - leaveBytes);
    },
    makeRoom: (): void => rmSync(ballast, { force: true }),
    /** Nothing may be open for writing there. */
    setReadOnly(): void {
      const { status, stderr } = spawnSync('mount', ['-o', 'remount,ro', folder], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    },
  };
}
