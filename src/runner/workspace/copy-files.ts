import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative, sep } from 'node:path';

import type { Workspace } from './workspace.ts';

/**
 * Copies a project's untracked files (or folders) into its worktree and returns those that it copied, in whole or in part,
 * relative to the worktree's top. Whatever is missing, tracked or leads out of either place is a remark.
 */
export async function copyFiles(options: {
  projectPath: string;
  workspace: Pick<Workspace, 'root' | 'path'>;
  /** Relative to the project. */
  files: string[];
  isTracked: (pathInRoot: string) => Promise<boolean>;
  remark: (sentence: string) => void;
}): Promise<string[]> {
  const { projectPath, workspace, files, isTracked, remark } = options;
  const copied: string[] = [];
  for (const file of files) {
    const target = join(workspace.path, normalize(file));
    const pathInRoot = relative(workspace.root, target);
    const isPart = !isAbsolute(file) && isBelow(projectPath, join(projectPath, file));
    if (!isPart || file.split('/').includes('.git')) {
      remark(`\`${file}\` is not one of the project's files and was not copied`);
      continue;
    }
    const source = await realpath(join(projectPath, file)).catch(() => undefined);
    if (source === undefined) {
      remark(`\`${file}\` was to be copied but does not exist in the project`);
    } else if (!isBelow(projectPath, source)) {
      remark(`\`${file}\` leads out of the project and was not copied`);
    } else if (await isTracked(pathInRoot)) {
      remark(`\`${file}\` is tracked by git and was not copied`);
    } else if (!(await staysInside(workspace.root, target))) {
      remark(`\`${file}\` would lead out of the worktree and was not copied`);
    } else {
      const fault = await copy(source, target);
      if (fault !== undefined) remark(`\`${file}\` could not be copied (${fault})`);
      // A folder that could not be copied whole may be there in part, and that part belongs into no commit either.
      if (fault === undefined || existsSync(target)) copied.push(pathInRoot);
    }
  }
  return copied;
}

/** Returns the code of the error that kept it from being copied. */
async function copy(source: string, target: string): Promise<string | undefined> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target, { recursive: true, force: true, verbatimSymlinks: true });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const isBelow = (folder: string, path: string): boolean => path.startsWith(folder === sep ? folder : folder + sep);

/** A branch may hold a link to a folder elsewhere: nothing may be written through it. */
async function staysInside(root: string, target: string): Promise<boolean> {
  const link = await lstat(target).catch(() => undefined);
  if (link?.isSymbolicLink() === true) return false;
  for (let folder = dirname(target); ; folder = dirname(folder)) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) return real === root || isBelow(root, real);
  }
}
