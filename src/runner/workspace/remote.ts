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
): Promise<RemoteChoice> {
  const [listed, head] = await Promise.all([
    git(folder, ['remote'], { signal }),
    git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD'], { signal }),
  ]);
  const remotes = listed.stdout.split('\n').filter((name) => name !== '');
  const current = head.stdout.trim();
  if (remotes.length === 0) return { remote: undefined, isNamed: false, current };
  const named = remotes.find((name) => wanted?.startsWith(`${name}/`));
  if (named !== undefined) return { remote: named, isNamed: true, current };
  const tracked = await git(folder, ['config', `branch.${wanted ?? current}.remote`], { signal });
  const remote =
    [tracked.stdout.trim(), 'origin'].find((name) => remotes.includes(name)) ??
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
