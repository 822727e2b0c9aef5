import type { AttemptReport } from '../model/attempt.ts';
import { once, type Attempt } from './attempt.ts';
import { writeDurably } from './durable-file.ts';
import { findChangedChecks } from './changed-checks.ts';
import { countChanges, diffText, findSpan, type Span } from './workspace/changes.ts';
import { commitLeftovers } from './workspace/commit-leftovers.ts';
import { findNestedWork } from './workspace/nested-work.ts';
import type { Workspace } from './workspace/workspace.ts';

const maxPatchBytes = 5 * 1024 * 1024;

/** Commits what Claude left uncommitted, where the workspace has a branch of its own. */
export async function commitWork(attempt: Attempt, workspace: Workspace): Promise<void> {
  const { branch } = workspace;
  if (branch === null) return;
  const { run, attempt: number, project } = attempt.request;
  await once(attempt, 'commit', async (remark) => {
    const { git, stop } = attempt;
    const context = { git, workspace, projectPath: project.path, branch, signal: stop, remark };
    await commitLeftovers(context, `nightdesk: r${run} attempt ${number}`);
    return true;
  });
}

/** Counts what differs from the base, names what of the checks is among it, and writes it, masked, as a patch. */
export async function recordChanges(
  attempt: Attempt,
  workspace: Workspace,
): Promise<Pick<AttemptReport, 'changes' | 'changedChecks' | 'patchPath'>> {
  const { git, stop, paths } = attempt;
  return await once(attempt, 'changes', async (remark) => {
    const span = await findSpan(git, workspace, paths.folder, stop);
    const nothing = { changes: null, changedChecks: [], patchPath: null };
    if (span === undefined) return nothing;
    await remarkOnNestedWork(attempt, workspace, remark);
    const changes = await countChanges(git, workspace.root, span, stop);
    if (changes?.files === 0) return { ...nothing, changes };
    const patch = await readPatch(attempt, workspace, span);
    if (changes === undefined || patch === undefined) {
      remark('what changed could not be read from git');
      return nothing;
    }
    const escaped = await findCommittedCopies(attempt, workspace);
    if (escaped.length > 0) {
      remark(`${escaped.map((file) => `\`${file}\``).join(', ')} was committed, and must not be pushed`);
    }
    const changedChecks = await findChangedChecks(attempt, workspace, span);
    if (patch === '') return { changes, changedChecks, patchPath: null };
    writeDurably(paths.patch, patch);
    return { changes, changedChecks, patchPath: paths.patch };
  });
}

/** In place it stays where it is; a worktree goes, and with it what no branch has. */
async function remarkOnNestedWork(
  { git, stop }: Attempt,
  { kind, root, baseCommit }: Workspace,
  remark: (sentence: string) => void,
): Promise<void> {
  if (kind !== 'worktree' || baseCommit === null) return;
  const nested = (await findNestedWork(git, root, baseCommit, { signal: stop })) ?? [];
  const names = nested.map((path) => `\`${path}\``).join(', ');
  if (nested.length === 1) remark(`${names} is a git repository of its own: what was done in it is not on the branch`);
  if (nested.length > 1) {
    remark(`${names} are git repositories of their own: what was done in them is not on the branch`);
  }
}

/** The difference as text, masked, up to a limit; `undefined` where git can't tell it. */
export async function readPatch(
  { git, stop, mask }: Attempt,
  { root }: Workspace,
  span: Span,
): Promise<string | undefined> {
  const patch = await diffText(git, root, span, maxPatchBytes, stop);
  return patch && (patch.isCut ? cutPatch(patch.text, mask) : mask(patch.text));
}

/** Copied files are kept out of commits, but whoever insists (`git add --force`) gets them in. */
async function findCommittedCopies({ git, stop }: Attempt, { root, copied }: Workspace): Promise<string[]> {
  if (copied.length === 0) return [];
  const tracked = await git(root, ['--literal-pathspecs', 'ls-files', '-z', '--', ...copied], { signal: stop });
  return tracked.stdout.split('\0').filter((file) => file !== '');
}

function cutPatch(text: string, mask: Attempt['mask']): string {
  const masked = mask(text);
  // The cut may have gone through a secret, which is then not recognised.
  const safe = masked.slice(0, Math.max(0, masked.length - mask.longestSecret));
  const whole = safe.slice(0, safe.lastIndexOf('\n') + 1);
  return `${whole}# nightdesk: the patch is longer than ${maxPatchBytes / 1024 / 1024} MB and ends here; git has the rest.\n`;
}
