import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, '..', 'fixtures', 'disk-fault.c');

/** Whether there is a C compiler: what stands between a program and its disk is built where it is needed. */
export const canBuild = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

/**
 * A disk that fails at will, for one process and below one folder: its calls are met on the way to the kernel. Unlike a disk
 * that is mounted read-only it can be mended while files of it are open.
 */
export function createDiskFault(folder: string, below: string) {
  mkdirSync(folder, { recursive: true });
  const library = join(folder, 'disk-fault.so');
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the library could not be built: ${stderr}`);
  const control = join(folder, 'disk-fault');
  return {
    /** For the process that is to meet it. */
    env: { LD_PRELOAD: library, DISK_FAULT_ROOT: below, DISK_FAULT_SWITCH: control },
    setReadOnly: (): void => writeFileSync(control, 'read-only'),
    /** Each fsync takes so long. */
    setSlow: (ms: number): void => writeFileSync(control, `slow ${ms}`),
    mend: (): void => rmSync(control, { force: true }),
  };
}
