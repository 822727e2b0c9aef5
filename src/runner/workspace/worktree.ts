import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { AttemptRequest } from '../../model/attempt.ts';
import { findJson, writeDurably } from '../durable-file.ts';
import { retryWhileLocked } from '../git.ts';
import { removeTree } from '../remove-tree.ts';
import { StepFailure } from '../step-failure.ts';
import { resolveBase, type Base } from './base.ts';
import { copyFiles } from './copy-files.ts';
import { worktreeGitEnv } from './git-env.ts';
import { readGitSettings, type GitSettings } from './git-settings.ts';
import { findCommit, inspectRepository, type Repository } from './repository.ts';
import type { Workspace, WorkspaceContext } from './workspace.ts';

/** Recorded before the worktree is made: from then on the branch is ours, whatever a crash leaves half done. */
interface Plan {
  v: 1;
  isPlan: true;
  branch: string;
  startCommit: string;
  baseCommit: string;
  baseName: string;
}

/**
 * Makes the run's worktree on a branch of its own, or opens the one that an earlier attempt made. The checkout of the
 * project and its branches stay as they are.
 */
export async function openWorktree(
  context: WorkspaceContext,
  request: AttemptRequest,
  projectPath: string,
): Promise<Workspace> {
  const { git, paths, signal, lock } = context;
  const [inspected, settings] = await Promise.all([
    inspectRepository(git, projectPath, signal),
    readGitSettings(git, projectPath, signal),
  ]);
  if (!('repository' in inspected)) throw new StepFailure('workspace', refusal(request.project, inspected));
  const { repository } = inspected;
  const recorded = findJson(paths.workspace) as Workspace | Plan | undefined;
  if (recorded !== undefined && !('isPlan' in recorded)) {
    const { branch, root } = recorded;
    if (branch === null || (await isWorktree(context, root))) return recorded;
    context.remark(`the worktree of r${request.run} was gone and was made again from its branch`);
    await rm(paths.setUpDone, { force: true });
    const startCommit = (await findCommit(git, projectPath, `refs/heads/${branch}`, signal)) ?? recorded.baseCommit;
    const plan = { branch, startCommit: startCommit ?? 'HEAD', isFresh: false };
    await lock(repository.commonFolder, () => addWorktree(context, projectPath, repository, plan), signal);
    return await furnish(context, request, projectPath, { ...recorded }, settings);
  }
  const planAndAdd = async (): Promise<Plan> => {
    const plan = recorded ?? (await makePlan(context, request, projectPath, settings));
    writeDurably(paths.workspace, JSON.stringify(plan));
    await addWorktree(context, projectPath, repository, { ...plan, isFresh: recorded === undefined });
    return plan;
  };
  // The one before may wait for a remote that does not answer.
  const plan = await lock(repository.commonFolder, planAndAdd, signal);
  const workspace: Workspace = {
    v: 1,
    kind: 'worktree',
    root: paths.worktree,
    path: pathInside(request, repository, plan, paths.worktree),
    branch: plan.branch,
    baseCommit: plan.baseCommit,
    startTree: null,
    copied: [],
    env: {},
  };
  return await furnish(context, request, projectPath, workspace, settings);
}

function refusal(project: AttemptRequest['project'], why: { isNone: boolean; failure: string }): string {
  return why.isNone
    ? `the folder of project ${project.name} is not a git repository: ${project.path}; set \`workspace: in-place\` to let Claude work in the folder itself`
    : `git can't read the folder of project ${project.name}: ${why.failure}`;
}

async function makePlan(
  context: WorkspaceContext,
  request: AttemptRequest,
  projectPath: string,
  settings: GitSettings,
): Promise<Plan> {
  const { git, signal } = context;
  const base = await resolveBase(context, projectPath, request.project, settings);
  const start = await findStart(context, request, projectPath, base);
  let branch = request.branch;
  for (
    let number = 2;
    (await findCommit(git, projectPath, `refs/heads/${branch}`, signal)) !== undefined;
    number += 1
  ) {
    branch = `${request.branch}-${number}`;
  }
  if (branch !== request.branch) {
    context.remark(`the branch ${request.branch} existed already, so the run works on ${branch}`);
  }
  return { v: 1, isPlan: true, branch, baseName: base.name, ...start };
}

/** A retry of a failed run goes on from its branch; what is told as changed is still all that differs from the base. */
async function findStart(
  { git, signal, remark }: WorkspaceContext,
  { startFrom }: AttemptRequest,
  projectPath: string,
  base: Base,
): Promise<{ startCommit: string; baseCommit: string }> {
  if (startFrom === undefined) return { startCommit: base.commit, baseCommit: base.commit };
  const startCommit = await findCommit(git, projectPath, `refs/heads/${startFrom}`, signal);
  if (startCommit === undefined) {
    remark(`the branch ${startFrom} is gone, so the run started from ${base.name}`);
    return { startCommit: base.commit, baseCommit: base.commit };
  }
  const common = await git(projectPath, ['merge-base', base.commit, startCommit], { signal });
  return { startCommit, baseCommit: common.isOk ? common.stdout.trim() : base.commit };
}

async function isWorktree({ git, signal }: WorkspaceContext, root: string): Promise<boolean> {
  if (!existsSync(root)) return false;
  const top = await git(root, ['rev-parse', '--show-toplevel'], { signal });
  return top.isOk && top.stdout.trimEnd() === root;
}

async function addWorktree(
  context: WorkspaceContext,
  projectPath: string,
  repository: Repository,
  { branch, startCommit, isFresh }: Pick<Plan, 'branch' | 'startCommit'> & { isFresh: boolean },
): Promise<void> {
  const { git, paths, signal } = context;
  await clearPlace(context, projectPath, repository);
  await mkdir(dirname(paths.worktree), { recursive: true, mode: 0o700 });
  // A plan that was just made has looked for a name that is free.
  const hasBranch = !isFresh && (await findCommit(git, projectPath, `refs/heads/${branch}`, signal)) !== undefined;
  const what = hasBranch ? [paths.worktree, branch] : ['--no-track', '-b', branch, paths.worktree, startCommit];
  const added = await retryWhileLocked(
    () => git(projectPath, ['worktree', 'add', '--quiet', ...what], { signal, timeoutMs: 15 * 60_000 }),
    signal,
  );
  if (added.isOk) return;
  // A filter failed, say: the branch that git made first has nothing on it, and nobody comes back to it.
  if (!hasBranch && !/already exists/.test(added.stderr)) {
    await git(projectPath, ['update-ref', '-d', `refs/heads/${branch}`, startCommit], { signal });
  }
  throw new StepFailure('workspace', `git could not make the worktree: ${added.failure}`, added.stderr);
}

/** What an earlier try left at our place: a folder, its registration, or the lock that a killed `worktree add` leaves. */
async function clearPlace(
  { git, paths, signal }: WorkspaceContext,
  projectPath: string,
  { commonFolder }: Repository,
): Promise<void> {
  // Without its folder git lets a registration go, whatever state it was in.
  await removeTree(paths.worktree);
  if (!(await isRegistered(commonFolder, paths.worktree))) return;
  await git(projectPath, ['worktree', 'unlock', paths.worktree], { signal });
  await git(projectPath, ['worktree', 'remove', '--force', paths.worktree], { signal });
}

/** Git keeps a folder for each worktree, and in it where the worktree is. https://git-scm.com/docs/gitrepository-layout */
async function isRegistered(commonFolder: string, worktree: string): Promise<boolean> {
  const folder = join(commonFolder, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  const places = await Promise.all(names.map((name) => readFile(join(folder, name, 'gitdir'), 'utf8').catch(() => '')));
  // One that a killed git left half made may not say where it is.
  return places.some((place) => place.trim() === '' || place.trim() === join(worktree, '.git'));
}

function pathInside(request: AttemptRequest, repository: Repository, plan: Plan, worktree: string): string {
  const path = join(worktree, repository.prefix).replace(/\/$/, '');
  if (existsSync(path)) return path;
  throw new StepFailure(
    'workspace',
    `the folder of project ${request.project.name}, ${repository.prefix}, does not exist on ${plan.baseName}`,
  );
}

/** Copies files in, and records the workspace as ready. */
async function furnish(
  context: WorkspaceContext,
  request: AttemptRequest,
  projectPath: string,
  workspace: Workspace,
  settings: GitSettings,
): Promise<Workspace> {
  const { git, paths, signal } = context;
  const copied = await copyFiles({
    projectPath,
    workspace,
    files: request.project.copy,
    isTracked: async (path) =>
      (await git(workspace.root, ['--literal-pathspecs', 'ls-files', '--error-unmatch', '--', path], { signal })).isOk,
    remark: context.remark,
  });
  const ready = { ...workspace, copied, env: await worktreeGitEnv(context, workspace.root, copied, settings) };
  writeDurably(paths.workspace, JSON.stringify(ready));
  return ready;
}
