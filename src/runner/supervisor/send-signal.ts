import { codeOf } from './command-folder.ts';

/** Signals a process, or with a negative pid its group. One that is gone, or may not be signalled, is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
