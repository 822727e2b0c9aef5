import type { AttemptReport, PushResult } from '../model/attempt.ts';
import { branchWebUrl } from '../model/branch-web-url.ts';
import { decideOutcome } from '../model/outcome.ts';
import { once, type Attempt } from './attempt.ts';
import { commandEnv } from './child-env.ts';
import { retryWhileLocked, type GitResult } from './git.ts';
import { readGitSettings } from './workspace/git-settings.ts';
import { findRemote, remoteEnv } from './workspace/remote.ts';
import type { Workspace } from './workspace/workspace.ts';

/**
 * Pushes the run's branch where the project's rule says so, as the attempt's last step: what Claude did and what the checks
 * found is not touched by it. Never forces, asks nobody, and stops when the attempt is cancelled. After a restart in the
 * middle it is done again, which changes nothing where it had arrived.
 */
export async function pushWork(
  attempt: Attempt,
  workspace: Workspace,
  report: AttemptReport,
): Promise<PushResult | undefined> {
  const { branch } = workspace;
  if (branch === null || !isWanted(attempt, report)) return undefined;
  attempt.progress.step('push', attempt.mask(branch));
  return await once(attempt, 'push', async () => await push(attempt, workspace, branch));
}

/** A run succeeds with the attempt that is done; a cancelled one is left where it is. */
function isWanted({ request }: Attempt, report: AttemptReport): boolean {
  if (report.isCancelled || (report.changes?.files ?? 0) === 0) return false;
  const { cause } = decideOutcome(report, { zone: 'UTC', timeoutMs: request.timeoutMs });
  const rule = request.project.push ?? 'never';
  return cause !== 'cancelled' && (rule === 'always' || (rule === 'success' && cause === 'done'));
}

async function push(attempt: Attempt, workspace: Workspace, branch: string): Promise<PushResult> {
  const { git, claude, limits, request } = attempt;
  const signal = AbortSignal.any([attempt.cancel, attempt.stop]);
  const context = { git, env: commandEnv(claude.env), signal };
  // The checkout, not the worktree: what its branch follows is what the owner set up.
  const folder = request.project.path;
  const { remote } = await findRemote(
    context,
    folder,
    request.project.base,
    await readGitSettings(git, folder, signal),
  );
  if (remote === undefined) {
    return { kind: 'not-pushed', remote: null, why: 'the project has no remote, or several and `base` names none' };
  }
  // Claude may have left the worktree on another branch, or in the middle of a rebase.
  const isOnBranch = ['merge-base', '--is-ancestor', 'HEAD', `refs/heads/${branch}`];
  if (!(await git(workspace.root, isOnBranch, { signal })).isOk) {
    return { kind: 'not-pushed', remote, why: "Claude's work is not on it" };
  }
  const copies = await findCopiesInHistory(attempt, workspace, branch, signal);
  if (copies.length > 0) {
    const names = copies.map((file) => `\`${file}\``).join(', ');
    return { kind: 'not-pushed', remote, why: `${names} was committed, which is copied into the workspace only` };
  }
  const refspec = `refs/heads/${branch}:refs/heads/${branch}`;
  const options = ['--porcelain', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
  const env = await remoteEnv(context, folder);
  const result = await retryWhileLocked(
    () => git(workspace.root, ['push', ...options, remote, refspec], { signal, env, timeoutMs: limits.pushTimeoutMs }),
    signal,
  );
  if (!result.isOk) return { kind: 'not-pushed', remote, why: explainRefusal(result) };
  // By `insteadOf` either may be the one that a browser knows.
  const used = await git(folder, ['remote', 'get-url', '--push', remote], { signal });
  const written = await git(folder, ['config', `remote.${remote}.url`], { signal });
  const pages = [used, written].map(({ stdout }) => branchWebUrl(stdout.trim(), branch));
  return { kind: 'pushed', remote, webUrl: pages.find((page) => page !== undefined) ?? null };
}

/** Copied files are kept out of commits, but whoever insists (`git add --force`) gets them in, and a later commit hides them. */
async function findCopiesInHistory(
  { git }: Attempt,
  { root, copied, baseCommit }: Workspace,
  branch: string,
  signal: AbortSignal,
): Promise<string[]> {
  if (copied.length === 0) return [];
  const span = baseCommit === null ? `refs/heads/${branch}` : `${baseCommit}..refs/heads/${branch}`;
  const args = ['--literal-pathspecs', 'log', '--format=', '--name-only', '-z', span, '--', ...copied];
  const shown = await git(root, args, { signal });
  return [...new Set(shown.stdout.split('\0').filter((file) => file !== ''))];
}

/** What git says of the branch, and the last words of the remote: a hook's own reason stands there. */
function explainRefusal({ stdout, stderr, failure }: GitResult): string {
  const summary = /^!\t\S+\t(.+)$/m.exec(stdout)?.[1];
  if (summary === undefined) return failure;
  const reason = /\((.+)\)$/.exec(summary)?.[1] ?? summary;
  const lastWords = stderr
    .split('\n')
    .map((line) => /^remote: (.*)$/.exec(line)?.[1]?.trim() ?? '')
    .findLast((line) => line !== '');
  return lastWords === undefined ? reason : `${reason}: ${lastWords}`;
}
