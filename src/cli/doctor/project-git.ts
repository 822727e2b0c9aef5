import { createGit, type Git } from '../../runner/git.ts';
import { readGitSettings } from '../../runner/workspace/git-settings.ts';
import { findRemote, remoteEnv, type RemoteChoice } from '../../runner/workspace/remote.ts';

const timeoutMs = 5_000;

/** The runs' own git in the folder of a project, for what changes nothing. A remote has five seconds to answer. */
export interface ProjectGit {
  ask(...args: string[]): ReturnType<Git>;
  /** The same for what asks a remote. */
  askRemote(...args: string[]): ReturnType<Git>;
  findRemote(base: string | undefined): Promise<RemoteChoice>;
}

export function createProjectGit(folder: string, env: Record<string, string>): ProjectGit {
  // No folder above the project is a worktree of ours.
  const runsGit = createGit(env, '/');
  const git: Git = (cwd, args, options) => runsGit(cwd, args, { timeoutMs, ...options });
  const { signal } = new AbortController();
  const context = { git, env, signal };
  return {
    ask: (...args) => git(folder, args),
    askRemote: async (...args) => git(folder, args, { env: await remoteEnv(context, folder) }),
    findRemote: async (base) => findRemote(context, folder, base, await readGitSettings(git, folder, signal)),
  };
}
