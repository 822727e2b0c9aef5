import type { Project } from '../../model/project.ts';
import { fault, ok, warning, type Finding } from './finding.ts';
import type { ProjectGit } from './project-git.ts';

/** The branch that runs start from, and whether the remote that it is fetched from answers. Fetches nothing. */
export async function checkBase(check: string, project: Project, git: ProjectGit): Promise<Finding[]> {
  const { remote, isNamed, current } = await git.findRemote(project.base);
  const wanted = isNamed && remote !== undefined ? project.base?.slice(remote.length + 1) : project.base;
  if (remote === undefined) return [await checkLocal(check, project, wanted ?? (current || 'HEAD'), git)];

  const asked = await git.askRemote('ls-remote', '--symref', remote, 'HEAD', `refs/heads/${wanted ?? current}`);
  if (!asked.isOk) {
    const noted = (await git.ask('symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`)).stdout.trim();
    const local = await checkLocal(
      check,
      project,
      wanted === undefined ? noted || current || 'HEAD' : wanted,
      git,
      remote,
    );
    const said = `the remote ${remote} does not answer: ${asked.failure}`;
    const toDo = `try \`git -C ${project.path} ls-remote ${remote}\` as the user that nightdesk runs under; until then runs start from what is there`;
    return [local, warning(check, said, toDo)];
  }
  const branch = wanted ?? /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.stdout)?.[1] ?? current;
  if (new RegExp(`^\\w+\\trefs/heads/${RegExp.escape(branch)}$`, 'm').test(asked.stdout) || wanted === undefined) {
    return [ok(check, `${project.path}, from ${remote}/${branch}`)];
  }
  return [await checkLocal(check, project, branch, git, remote)];
}

async function checkLocal(
  check: string,
  { name, path, base }: Project,
  branch: string,
  git: ProjectGit,
  remote?: string,
): Promise<Finding> {
  const names = [...(remote === undefined ? [] : [`refs/remotes/${remote}/${branch}`]), branch];
  for (const each of names) {
    const found = await git.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${each}^{commit}`);
    if (found.isOk) return ok(check, `${path}, from ${each.replace(/^refs\/remotes\//, '')}`);
  }
  return base === undefined
    ? fault(
        check,
        `${path} has no commit to start from`,
        `make a first commit there, or name a branch: projects.${name}.base`,
      )
    : fault(check, `${path} has no branch ${base}`, `correct projects.${name}.base`);
}
