import { runProgram, type ProgramResult } from '../run-program.ts';

/** Git that changes nothing and asks nobody, in the folder of a project. */
export type ReadGit = (...args: string[]) => Promise<ProgramResult>;

/** The environment is that of the runs' own git. A remote has five seconds to answer. */
export function createReadGit(folder: string, env: Record<string, string>): ReadGit {
  const quiet = {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_SSH_COMMAND: env['GIT_SSH_COMMAND'] ?? 'ssh -o BatchMode=yes -o ConnectTimeout=5',
  };
  return (...args) => runProgram(['git', ...args], { cwd: folder, env: quiet, timeoutMs: 5_000 });
}
