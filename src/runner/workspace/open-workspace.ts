import { realpath, stat } from 'node:fs/promises';

import type { AttemptRequest } from '../../model/attempt.ts';
import { StepFailure } from '../step-failure.ts';
import { openInPlace } from './in-place.ts';
import type { Workspace, WorkspaceContext } from './workspace.ts';
import { openWorktree } from './worktree.ts';

/** Makes a run's workspace, or opens the one it has. Throws `StepFailure` with a sentence for people. */
export async function openWorkspace(context: WorkspaceContext, request: AttemptRequest): Promise<Workspace> {
  const projectPath = await resolveFolder(request.project);
  return request.project.workspace === 'in-place'
    ? await openInPlace(context, projectPath)
    : await openWorktree(context, request, projectPath);
}

async function resolveFolder({ name, path }: AttemptRequest['project']): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new StepFailure('workspace', `the folder of project ${name} is gone: ${path}`);
    throw new StepFailure('workspace', `the folder of project ${name} can't be read (${code ?? 'unknown'}): ${path}`);
  }
  throw new StepFailure('workspace', `the folder of project ${name} is a file: ${path}`);
}
