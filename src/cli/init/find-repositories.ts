import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface FoundRepository {
  path: string;
  /** When git last wrote its index there: about when somebody last worked in it; epoch ms. */
  usedAtMs: number;
}

/** Where people keep their checkouts, under the home folder. */
const commonFolders = [
  'src',
  'code',
  'Code',
  'projects',
  'Projects',
  'dev',
  'Developer',
  'git',
  'repos',
  'work',
  'workspace',
  'Documents/GitHub',
];

export interface Bounds {
  maxFolders: number;
  maxMs: number;
}

/**
 * Git repositories near: the working directory and its children, and the common folders of `home`, two levels deep. The one
 * that was worked in last comes first. Symbolic links and hidden folders are passed over; nothing is looked for inside of a
 * repository.
 */
export function findRepositories(
  workingDirectory: string,
  home: string | undefined,
  { maxFolders, maxMs }: Bounds = { maxFolders: 3_000, maxMs: 2_000 },
): FoundRepository[] {
  const found = new Map<string, FoundRepository>();
  const deadlineMs = performance.now() + maxMs;
  const queue: { path: string; depth: number }[] = [{ path: workingDirectory, depth: 1 }];
  if (home !== undefined) queue.push(...commonFolders.map((name) => ({ path: join(home, name), depth: 2 })));
  for (let looked = 0; queue.length > 0 && looked < maxFolders && performance.now() < deadlineMs; looked += 1) {
    const { path, depth } = queue.shift() ?? { path: workingDirectory, depth: 0 };
    const repository = asRepository(path);
    if (repository !== undefined) found.set(repository.path, repository);
    else if (depth > 0) queue.push(...childFolders(path).map((child) => ({ path: child, depth: depth - 1 })));
  }
  return [...found.values()].sort((a, b) => b.usedAtMs - a.usedAtMs);
}

function asRepository(path: string): FoundRepository | undefined {
  // A linked worktree has a file there: it belongs to a repository elsewhere.
  const git = join(path, '.git');
  if (!existsSync(join(git, 'HEAD')) || !hasBranch(git)) return undefined;
  const index = statSync(join(git, 'index'), { throwIfNoEntry: false }) ?? statSync(join(git, 'HEAD'));
  return { path: realpathSync(path), usedAtMs: index.mtimeMs };
}

/** Without a commit there is nothing that a worktree could start from. */
function hasBranch(git: string): boolean {
  const isPacked = ['packed-refs', 'reftable'].some((name) => existsSync(join(git, name)));
  return isPacked || childNames(join(git, 'refs/heads')).length > 0;
}

function childNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function childFolders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map((entry) => join(path, entry.name));
  } catch {
    // Not there, or not to be read by this user.
    return [];
  }
}
