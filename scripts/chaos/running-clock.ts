import { readFileSync } from 'node:fs';

/** How long a process could run: neither stopped nor waiting for a processor that others had. Look often (Linux). */
export interface RunningClock {
  look(): number;
}

export function createRunningClock(pid: number): RunningClock {
  let ranMs = 0;
  let before = { atMs: performance.now(), waitedMs: readWaitedMs(pid) };
  return {
    look() {
      const now = { atMs: performance.now(), waitedMs: readWaitedMs(pid) ?? before.waitedMs };
      const waitedMs = (now.waitedMs ?? 0) - (before.waitedMs ?? 0);
      if (!isStopped(pid)) ranMs += Math.max(0, now.atMs - before.atMs - waitedMs);
      before = now;
      return ranMs;
    },
  };
}

/** Of its main thread: the second number of `schedstat`, in nanoseconds. `undefined` where the kernel keeps no such count. */
function readWaitedMs(pid: number): number | undefined {
  const waited = read(`/proc/${pid}/schedstat`).split(' ')[1];
  return waited === undefined ? undefined : Number(waited) / 1e6;
}

function isStopped(pid: number): boolean {
  const text = read(`/proc/${pid}/stat`);
  // Behind the name in brackets, which may hold anything: proc_pid_stat(5).
  return text.slice(text.lastIndexOf(')') + 2).startsWith('T');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It went away in between.
    return '';
  }
}
