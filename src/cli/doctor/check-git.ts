import { findProgram } from '../../find-program.ts';
import { runProgram } from '../run-program.ts';
import { fault, ok, type Finding } from './finding.ts';
import { isVersionAtLeast, versionIn } from './version-at-least.ts';

/** GIT_CONFIG_COUNT, by which a worktree gets its settings without a change to the repository. */
const oldestGit = '2.31';

const install = 'install git from your system, or from https://git-scm.com';

/** git as the runs find it. */
export async function checkGit(env: Record<string, string>): Promise<Finding> {
  const git = findProgram('git', env['PATH']);
  if (git === undefined) return fault('git', `there is none in the PATH of runs, ${env['PATH'] ?? ''}`, install);
  const asked = await runProgram([git, '--version'], { env, timeoutMs: 5_000 });
  const version = versionIn(asked.stdout);
  if (version === undefined) return fault('git', `${git} can't be asked for its version: ${asked.failure}`, install);
  return isVersionAtLeast(version, oldestGit)
    ? ok('git', `${version}, ${git}`)
    : fault('git', `${version} is too old for what worktrees need: ${oldestGit} or newer`, install);
}
