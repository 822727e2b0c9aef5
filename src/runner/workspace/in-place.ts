import { findJson, writeDurably } from '../durable-file.ts';
import { findCommit, inspectRepository } from './repository.ts';
import { snapshot } from './snapshot.ts';
import type { Workspace, WorkspaceContext } from './workspace.ts';

/** The project's folder itself: no branch, no commit. What it held before is kept as a tree object, where git is there. */
export async function openInPlace(context: WorkspaceContext, projectPath: string): Promise<Workspace> {
  const { git, paths, signal } = context;
  const recorded = findJson(paths.workspace) as Workspace | undefined;
  if (recorded?.path === projectPath) return recorded;
  const isRepository = 'repository' in (await inspectRepository(git, projectPath, signal));
  const startTree = isRepository ? await snapshot(git, projectPath, paths.folder, signal) : undefined;
  if (isRepository && startTree === undefined) {
    context.remark('the folder could not be recorded before the run, so what changed is not known');
  }
  const workspace: Workspace = {
    v: 1,
    kind: 'in-place',
    path: projectPath,
    root: projectPath,
    branch: null,
    baseCommit: isRepository ? ((await findCommit(git, projectPath, 'HEAD', signal)) ?? null) : null,
    startTree: startTree ?? null,
    copied: [],
    env: {},
  };
  writeDurably(paths.workspace, JSON.stringify(workspace));
  return workspace;
}
