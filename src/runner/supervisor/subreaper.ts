import { listChildPids } from './process-table.ts';

export interface Subreaper {
  /** Whether orphans of the command's tree become children of this process, so that none can hide. */
  isActive: boolean;
  /** Waits for adopted children that ended, so that their pids are free again; never for `exceptPid`, which Node waits for. */
  reapOrphans(exceptPid: number | undefined): void;
}

const prSetChildSubreaper = 36;
const wnohang = 1;

/**
 * Makes this process a child subreaper: prctl(2). Works on Linux, where koffi loads; elsewhere it is inactive, and the end
 * of a tree can't be proven.
 */
export async function becomeSubreaper(): Promise<Subreaper> {
  const inactive = { isActive: false, reapOrphans: () => {} };
  if (process.platform !== 'linux') return inactive;
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load(null);
    const prctl = libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
    const waitpid = libc.func('int waitpid(int, void *, int)');
    if (prctl(prSetChildSubreaper, 1, 0, 0, 0) !== 0) return inactive;
    return {
      isActive: true,
      reapOrphans(exceptPid) {
        for (const pid of listChildPids(process.pid)) if (pid !== exceptPid) waitpid(pid, null, wnohang);
      },
    };
  } catch {
    // A platform that koffi has no binary for: the outcome says that nothing is proven.
    return inactive;
  }
}
