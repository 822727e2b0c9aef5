import type { GitSettings } from './git-settings.ts';
import type { WorkspaceContext } from './workspace.ts';

type RemoteContext = Pick<WorkspaceContext, 'git' | 'env' | 'signal'>;

export interface RemoteChoice {
  /** `undefined`: the repository has none, or several and none of them is meant. */
  remote: string | undefined;
  /** Whether the wanted branch says it, as `origin/main` does. */
  isNamed: boolean;
  /** The branch that is checked out in `folder`; empty where none is. */
  current: string;
}

/** The remote of the branch that runs start from: the one that it names, else the one it follows, else `origin`, else the only one. */
export async function findRemote(
  { git, signal }: RemoteContext,
  folder: string,
  wanted: string | undefined,
  { remotes, remoteOf }: GitSettings,
): Promise<RemoteChoice> {
  const current = (await git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD'], { signal })).stdout.trim();
  const named = remotes.find((name) => wanted?.startsWith(`${name}/`));
  if (named !== undefined) return { remote: named, isNamed: true, current };
  const remote =
    [remoteOf(wanted ?? current), 'origin'].find((name) => name !== undefined && remotes.includes(name)) ??
    (remotes.length === 1 ? remotes[0] : undefined);
  return { remote, isNamed: false, current };
}

/** An ssh that would ask for a password or about a host key fails in its place. */
export async function remoteEnv({ git, env, signal }: RemoteContext, folder: string): Promise<Record<string, string>> {
  const configured = (await git(folder, ['config', 'core.sshCommand'], { signal })).stdout.trim();
  const ssh = env['GIT_SSH_COMMAND'] ?? (configured || 'ssh');
  const isOpenSsh = /^(?:\S*\/)?ssh(?:\s|$)/.test(ssh);
  return { GIT_SSH_COMMAND: isOpenSsh ? `${ssh} -o BatchMode=yes` : ssh };
}
