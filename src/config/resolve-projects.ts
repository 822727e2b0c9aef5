import type { Project } from '../model/project.ts';
import type { ConfigContext, Folder } from './context.ts';
import type { Fault } from './fault.ts';
import { absolutePath, isInside } from './paths.ts';
import type { ReadConfig } from './schema.ts';

interface Located {
  project: Project;
  folder: Folder;
}

interface ResolvedProjects {
  projects: Map<string, Project>;
  faults: Fault[];
  warnings: string[];
}

/**
 * A folder that is not there is a warning, since it may come back and must not stop the other projects; a file in its
 * place is a fault. Without `workspace`, the top of a git repository gets worktrees and any other folder is worked in.
 */
export function resolveProjects(read: ReadConfig, context: ConfigContext): ResolvedProjects {
  const located = Object.entries(read.projects).map(([name, given]): Located => {
    const path = absolutePath(given.path, context);
    const folder = context.lookAt(path);
    const isWorktree = folder.kind === 'repository' || folder.kind === 'missing';
    return {
      project: { ...given, name, path, workspace: given.workspace ?? (isWorktree ? 'worktree' : 'in-place') },
      folder,
    };
  });
  const dataDirectory = absolutePath(read.dataDirectory, context);
  return {
    projects: new Map(located.map(({ project }) => [project.name, project])),
    faults: [
      ...located.flatMap(folderFault),
      ...located.flatMap(pushFault),
      ...sharedFolderFaults(located),
      ...located.flatMap((one) => dataFault(one, context.lookAt(dataDirectory).realPath)),
    ],
    warnings: located.flatMap((one) => folderWarning(one, read.projects[one.project.name]?.workspace)),
  };
}

function folderFault({ project, folder }: Located): Fault[] {
  const key = ['projects', project.name];
  if (folder.kind === 'other') {
    return [{ key: [...key, 'path'], said: `${project.path} is no folder`, allowed: 'a folder' }];
  }
  if (folder.kind === 'directory' && project.workspace === 'worktree') {
    const said = `worktree, but ${project.path} is no git repository`;
    return [{ key: [...key, 'workspace'], said, allowed: '`in-place`, or `git init` in that folder first' }];
  }
  return [];
}

function pushFault({ project, folder }: Located): Fault[] {
  if (project.push === 'never' || project.workspace === 'worktree' || folder.kind === 'other') return [];
  const said = `${project.push}, but ${project.path} is worked in place, which makes no branch`;
  return [{ key: ['projects', project.name, 'push'], said, allowed: '`never`, or `workspace: worktree`' }];
}

function sharedFolderFaults(located: readonly Located[]): Fault[] {
  const inPlace = located.filter(({ project, folder }) => project.workspace === 'in-place' && folder.kind !== 'other');
  return inPlace.flatMap(({ project, folder }, index) => {
    const first = inPlace.slice(0, index).find((other) => other.folder.realPath === folder.realPath);
    if (!first) return [];
    const said = `${project.path} is the folder of project ${first.project.name} too, and both run in place`;
    return [{ key: ['projects', project.name, 'path'], said, allowed: 'a folder that no other project runs in' }];
  });
}

function dataFault({ project, folder }: Located, dataDirectory: string): Fault[] {
  if (project.workspace !== 'in-place' || !isInside(dataDirectory, folder.realPath)) return [];
  const said = `${dataDirectory} lies in the project ${project.name}, which runs in place: a run could commit or delete it`;
  return [{ key: ['dataDirectory'], said, allowed: 'a folder outside of every project that runs in place' }];
}

function folderWarning({ project, folder }: Located, given: Project['workspace'] | undefined): string[] {
  if (folder.kind === 'missing') {
    return [`project ${project.name}: there is no folder ${project.path}; its runs fail until there is one`];
  }
  if (folder.kind !== 'inside-repository' || given !== undefined) return [];
  return [
    `project ${project.name}: ${project.path} is not the top of its git repository, so runs work in place; ` +
      'say `workspace: in-place` if that is meant',
  ];
}
