import { statSync } from 'node:fs';

import type { Project } from '../../model/project.ts';
import { checkSetUp } from './check-set-up.ts';
import { checkBase } from './check-base.ts';
import type { DoctorContext } from './doctor-context.ts';
import { fault, ok, warning, type Finding } from './finding.ts';
import { createProjectGit, type ProjectGit } from './project-git.ts';

/** A project's folder, its repository, where runs start from, and what its set-up needs. `env` is that of set-up and git. */
export async function checkProject(
  project: Project,
  env: Record<string, string>,
  context: DoctorContext,
): Promise<Finding[]> {
  const check = `project ${project.name}`;
  const stats = statSync(project.path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    return [fault(check, `there is no folder ${project.path}`, `make it, or correct projects.${project.name}.path`)];
  }
  const git = createProjectGit(project.path, env);
  const place =
    project.workspace === 'in-place' ? [await checkInPlace(check, project, git)] : await checkTree(check, project, git);
  return [...place, ...(await checkSetUp(project, env, context.env['PATH']))];
}

async function checkInPlace(check: string, { path }: Project, git: ProjectGit): Promise<Finding> {
  const status = await git.ask('status', '--porcelain');
  if (!status.isOk) return ok(check, `${path}, in place: a run changes these files themselves`);
  return status.stdout === ''
    ? ok(check, `${path}, in place: a run changes these files themselves`)
    : warning(
        check,
        `${path}, in place, has uncommitted changes, with which those of a run mix`,
        'commit them, or leave `workspace` out at the top of the repository to have runs work in worktrees',
      );
}

async function checkTree(check: string, project: Project, git: ProjectGit): Promise<Finding[]> {
  const inside = await git.ask('rev-parse', '--git-common-dir');
  if (!inside.isOk) {
    const isNone = /not a git repository/.test(inside.stderr);
    return [
      fault(
        check,
        isNone ? `${project.path} is no git repository` : `git can't read ${project.path}: ${inside.failure}`,
        isNone
          ? `\`git init\` there and commit, or set projects.${project.name}.workspace: in-place`
          : `try \`git -C ${project.path} status\` as the user that nightdesk runs under`,
      ),
    ];
  }
  return checkBase(check, project, git);
}
