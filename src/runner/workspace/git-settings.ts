import type { Git } from '../git.ts';

/** What nightdesk wants to know of a repository's configuration, with that of the user and the host. */
export interface GitSettings {
  /** Names of remotes. */
  remotes: string[];
  /** The remote that a branch follows. */
  remoteOf(branch: string): string | undefined;
  userName: string | undefined;
  userEmail: string | undefined;
}

const wanted = String.raw`^(user\.(name|email)|remote\..+\.url|branch\..+\.remote)$`;

/** All of it with one question. A repository that git can't read has none. https://git-scm.com/docs/git-config#_options */
export async function readGitSettings(git: Git, folder: string, signal: AbortSignal): Promise<GitSettings> {
  const { stdout } = await git(folder, ['config', '--null', '--get-regexp', wanted], { signal });
  // `key\nvalue\0`; of a key that is there twice the last one counts.
  const entries = stdout.split('\0').flatMap((entry): [string, string][] => {
    const at = entry.indexOf('\n');
    return at === -1 ? [] : [[entry.slice(0, at), entry.slice(at + 1).trim()]];
  });
  const values = new Map(entries);
  const remotes = [...values.keys()].flatMap((key) => /^remote\.(.+)\.url$/.exec(key)?.[1] ?? []);
  return {
    remotes,
    remoteOf: (branch) => values.get(`branch.${branch}.remote`),
    userName: values.get('user.name') || undefined,
    userEmail: values.get('user.email') || undefined,
  };
}
