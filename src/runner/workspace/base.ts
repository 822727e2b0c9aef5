import { retryWhileLocked, type Git } from '../git.ts';
import { StepFailure } from '../step-failure.ts';
import type { GitSettings } from './git-settings.ts';
import { findRemote, remoteEnv } from './remote.ts';
import { findCommit } from './repository.ts';
import type { WorkspaceContext } from './workspace.ts';

export interface Base {
  commit: string;
  /** As people know it: `origin/main`. */
  name: string;
}

/**
 * Fetches the branch that runs start from and finds its commit: the configured one, else the default branch of the
 * remote, else the current branch; as the remote has it, where it does. A fetch that fails is a remark.
 */
export async function resolveBase(
  context: WorkspaceContext,
  folder: string,
  project: { name: string; base?: string | undefined },
  settings: GitSettings,
): Promise<Base> {
  const { git, signal } = context;
  const { remote, branch } = await chooseBranch(context, folder, project.base, settings);
  const candidates =
    branch === undefined ? ['HEAD'] : [...(remote === undefined ? [] : [`${remote}/${branch}`]), branch];
  for (const name of candidates) {
    const commit =
      (await findCommit(git, folder, fullName(name, remote), signal)) ?? (await findCommit(git, folder, name, signal));
    if (commit !== undefined) return { commit, name };
  }
  throw new StepFailure('workspace', await missingBase(git, folder, project, signal));
}

// A tag may have the branch's name; the full name of a reference has no doubt in it.
const fullName = (name: string, remote: string | undefined): string =>
  remote !== undefined && name.startsWith(`${remote}/`) ? `refs/remotes/${name}` : `refs/heads/${name}`;

async function missingBase(
  git: Git,
  folder: string,
  project: { name: string; base?: string | undefined },
  signal: AbortSignal,
): Promise<string> {
  const any = await git(folder, ['rev-list', '--all', '--max-count=1'], { signal });
  if (any.stdout.trim() === '') {
    return `project ${project.name} has no commit yet, and a branch starts from one: make a first commit, or set \`workspace: in-place\``;
  }
  return project.base === undefined
    ? `project ${project.name} has no commit on its current branch: name the branch to start from with \`base\``
    : `project ${project.name} has no branch \`${project.base}\`: set \`base\` to one that exists, such as \`main\``;
}

interface Choice {
  remote: string | undefined;
  /** `undefined`: what is checked out, a detached HEAD perhaps. */
  branch: string | undefined;
}

async function chooseBranch(
  context: WorkspaceContext,
  folder: string,
  wanted: string | undefined,
  settings: GitSettings,
): Promise<Choice> {
  const { remote, isNamed, current } = await findRemote(context, folder, wanted, settings);
  if (remote !== undefined && isNamed && wanted !== undefined) {
    const branch = wanted.slice(remote.length + 1);
    await fetchBranch(context, folder, remote, branch);
    return { remote, branch };
  }
  const fallback = current === '' ? undefined : current;
  if (remote === undefined) return { remote, branch: wanted ?? fallback };
  if (wanted !== undefined) {
    await fetchBranch(context, folder, remote, wanted);
    return { remote, branch: wanted };
  }
  return { remote, branch: (await defaultBranch(context, folder, remote, fallback)) ?? fallback };
}

/**
 * Asks the remote itself first: the local note of its default branch is as old as the clone. One that was made empty may name
 * a branch that nobody ever pushed, which is none: then `current` counts, where the remote has it.
 */
async function defaultBranch(
  context: WorkspaceContext,
  folder: string,
  remote: string,
  current: string | undefined,
): Promise<string | undefined> {
  const { git, signal, fetchTimeoutMs } = context;
  const env = await remoteEnv(context, folder);
  const own = current === undefined ? [] : [`refs/heads/${current}`];
  const asked = await git(folder, ['ls-remote', '--symref', remote, 'HEAD', ...own], {
    signal,
    env,
    timeoutMs: fetchTimeoutMs,
  });
  if (asked.isOk) {
    const hasOwn = asked.stdout.split('\n').some((line) => own.includes(line.split('\t')[1] ?? ''));
    const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.stdout)?.[1] ?? (hasOwn ? current : undefined);
    if (branch !== undefined) await fetchBranch(context, folder, remote, branch);
    return branch;
  }
  const noted = await git(folder, ['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`], { signal });
  const branch = noted.isOk ? noted.stdout.trim().slice(remote.length + 1) : undefined;
  remarkFetch(context, remote, branch, asked.failure);
  return branch;
}

async function fetchBranch(context: WorkspaceContext, folder: string, remote: string, branch: string): Promise<void> {
  const { git, signal, fetchTimeoutMs } = context;
  const env = await remoteEnv(context, folder);
  // FETCH_HEAD belongs to whoever works in the checkout.
  const quietly = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  const refspec = `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`;
  const fetched = await retryWhileLocked(
    () => git(folder, [...quietly, remote, refspec], { signal, env, timeoutMs: fetchTimeoutMs }),
    signal,
  );
  if (!fetched.isOk) remarkFetch(context, remote, branch, fetched.failure);
}

function remarkFetch(context: WorkspaceContext, remote: string, branch: string | undefined, failure: string): void {
  const what = branch === undefined ? remote : `${branch} from ${remote}`;
  context.remark(`could not fetch ${what}, so the run started from what was there: ${failure}`);
}
