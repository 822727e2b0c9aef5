import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { AttemptRequest } from '../../../src/model/attempt.ts';
import type { Project } from '../../../src/model/project.ts';
import { createGit } from '../../../src/runner/git.ts';
import { createKeyedLock } from '../../../src/runner/keyed-lock.ts';
import { createPaths } from '../../../src/runner/paths.ts';
import { openWorkspace } from '../../../src/runner/workspace/open-workspace.ts';
import type { Workspace } from '../../../src/runner/workspace/workspace.ts';
import {
  git,
  giveOrigin,
  makeRepository,
  pushFromElsewhere,
  tempFolder,
  writeFiles,
} from '../../support/temp-repository.ts';

interface Place {
  folder: string;
  project: string;
  env: Record<string, string>;
  lock: ReturnType<typeof createKeyedLock>;
}

function place(): Place {
  const folder = tempFolder();
  mkdirSync(join(folder, 'home'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
  return { folder, project: join(folder, 'project'), env, lock: createKeyedLock() };
}

async function open(
  at: Place,
  project: Partial<Project> = {},
  request: Partial<AttemptRequest> = {},
): Promise<Workspace & { remarks: string[] }> {
  const paths = createPaths(join(at.folder, 'data'));
  const run = request.run ?? 142;
  mkdirSync(paths.run(run).folder, { recursive: true });
  const remarks: string[] = [];
  const workspace = await openWorkspace(
    {
      git: createGit(at.env, paths.worktrees),
      lock: at.lock,
      paths: paths.run(run),
      env: at.env,
      fetchTimeoutMs: 20_000,
      signal: new AbortController().signal,
      remark: (sentence) => remarks.push(sentence),
    },
    {
      attemptId: `r${run}-1`,
      run,
      attempt: 1,
      jobName: 'tidy',
      project: {
        name: 'api',
        path: at.project,
        workspace: 'worktree',
        copy: [],
        allowedTools: [],
        checks: [],
        ...project,
      },
      goal: 'Tidy up',
      checks: [],
      sessionId: '00000000-0000-4000-8000-000000000000',
      timeoutMs: 60_000,
      branch: `nightdesk/tidy/r${run}`,
      ...request,
    },
  );
  return { ...workspace, remarks };
}

test('a run works in a worktree on a branch of its own, and the checkout stays as it is', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.project, { 'a.txt': 'being edited', 'draft.txt': 'not yet added' });
  const before = git(at.project, 'status', '--porcelain', '--branch');

  const workspace = await open(at);

  expect(git(workspace.path, 'symbolic-ref', '--short', 'HEAD')).toBe('nightdesk/tidy/r142');
  expect(readFileSync(join(workspace.path, 'a.txt'), 'utf8')).toBe('one');
  expect(workspace.baseCommit).toBe(git(at.project, 'rev-parse', 'main'));
  expect(git(at.project, 'status', '--porcelain', '--branch')).toBe(before);
  expect(workspace.remarks).toEqual([]);
});

test('the base is fetched first, and the checkout does not move with it', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const origin = giveOrigin(at.project, join(at.folder, 'origin.git'));
  const pushed = pushFromElsewhere(origin, join(at.folder, 'elsewhere'), { 'b.txt': 'two' });
  const before = git(at.project, 'rev-parse', 'HEAD');

  const workspace = await open(at);

  expect(workspace.baseCommit).toBe(pushed);
  expect(existsSync(join(workspace.path, 'b.txt'))).toBe(true);
  expect(git(at.project, 'rev-parse', 'HEAD')).toBe(before);
  expect(existsSync(join(at.project, '.git', 'FETCH_HEAD'))).toBe(false);
});

test.each(['release', 'origin/release'])('a configured base, %s, is the one that is fetched', async (base) => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  git(at.project, 'branch', 'release');
  const origin = giveOrigin(at.project, join(at.folder, 'origin.git'));
  git(origin, 'symbolic-ref', 'HEAD', 'refs/heads/release');
  const pushed = pushFromElsewhere(origin, join(at.folder, 'elsewhere'), { 'b.txt': 'two' });
  git(origin, 'symbolic-ref', 'HEAD', 'refs/heads/main');

  expect((await open(at, { base })).baseCommit).toBe(pushed);
  expect((await open(at, {}, { run: 143, branch: 'nightdesk/tidy/r143' })).baseCommit).not.toBe(pushed);
});

test('where the remote has no default branch, the one that is checked out is fetched', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const origin = giveOrigin(at.project, join(at.folder, 'origin.git'));
  const pushed = pushFromElsewhere(origin, join(at.folder, 'elsewhere'), { 'b.txt': 'two' });
  git(at.project, 'update-ref', 'refs/remotes/origin/main', 'main');
  // As `git init --bare` leaves it, where the team pushes main.
  git(origin, 'symbolic-ref', 'HEAD', 'refs/heads/master');

  const workspace = await open(at);

  expect(workspace.baseCommit).toBe(pushed);
  expect(workspace.remarks).toEqual([]);
});

test('a fetch that fails is told, and the run starts from what is there', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const origin = giveOrigin(at.project, join(at.folder, 'origin.git'));
  git(at.project, 'fetch', '--quiet', 'origin');
  renameSync(origin, `${origin}-gone`);

  const workspace = await open(at, { base: 'main' });

  expect(workspace.baseCommit).toBe(git(at.project, 'rev-parse', 'main'));
  expect(workspace.remarks).toEqual([
    `could not fetch main from origin, so the run started from what was there: '${origin}' does not appear to be a git repository`,
  ]);
});

test('the second attempt opens the same workspace with the work of the first', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const first = await open(at);
  writeFiles(first.path, { 'new.txt': 'work' });

  const second = await open(at, {}, { attempt: 2, attemptId: 'r142-2' });

  expect({ ...second }).toEqual({ ...first });
  expect(readFileSync(join(second.path, 'new.txt'), 'utf8')).toBe('work');
});

test('a worktree that somebody removed is made again from its branch', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const first = await open(at);
  writeFiles(first.path, { 'new.txt': 'work' });
  git(first.path, 'add', '--all');
  git(first.path, 'commit', '--quiet', '--message', 'work');
  rmSync(first.path, { recursive: true });

  const second = await open(at, {}, { attempt: 2, attemptId: 'r142-2' });

  expect(readFileSync(join(second.path, 'new.txt'), 'utf8')).toBe('work');
  expect(second.remarks).toEqual(['the worktree of r142 was gone and was made again from its branch']);
});

test('what a crash left half done, locked and registered, is cleared away', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const first = await open(at);
  const paths = createPaths(join(at.folder, 'data')).run(142);
  const { branch, baseCommit } = first;
  const plan = { v: 1, isPlan: true, branch, startCommit: baseCommit, baseCommit, baseName: 'main' };
  writeFileSync(paths.workspace, JSON.stringify(plan));
  git(at.project, 'worktree', 'lock', '--reason', 'initializing', paths.worktree);
  rmSync(join(paths.worktree, '.git'));

  const second = await open(at);

  expect(second).toEqual(first);
  expect(git(second.path, 'status', '--porcelain', '--branch')).toBe('## nightdesk/tidy/r142');
});

test('a worktree that can not be filled leaves no branch', async () => {
  const at = place();
  makeRepository(at.project, { '.gitattributes': '*.bin filter=large\n', 'a.bin': 'one' });
  git(at.project, 'config', 'filter.large.smudge', 'false');
  git(at.project, 'config', 'filter.large.required', 'true');
  await expect(open(at)).rejects.toMatchObject({
    name: 'StepFailure',
    message: expect.stringMatching(/^git could not make the worktree: .*filter/),
  });
  expect(git(at.project, 'branch', '--format=%(refname:short)')).toBe('main');
});

test("somebody's branch of the same name is left alone", async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  git(at.project, 'branch', 'nightdesk/tidy/r142');

  const workspace = await open(at);

  expect(workspace.branch).toBe('nightdesk/tidy/r142-2');
  expect(workspace.remarks).toEqual([
    'the branch nightdesk/tidy/r142 existed already, so the run works on nightdesk/tidy/r142-2',
  ]);
});

test('a retry goes on from the branch of the failed run, and is compared with the base', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const failed = await open(at);
  writeFiles(failed.path, { 'new.txt': 'half' });
  git(failed.path, 'add', '--all');
  git(failed.path, 'commit', '--quiet', '--message', 'half');

  const retry = await open(at, {}, { run: 143, branch: 'nightdesk/tidy/r143', startFrom: 'nightdesk/tidy/r142' });

  expect(readFileSync(join(retry.path, 'new.txt'), 'utf8')).toBe('half');
  expect(retry.baseCommit).toBe(failed.baseCommit);
});

test('a retry whose branch is gone starts from the base and says so', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const retry = await open(at, {}, { startFrom: 'nightdesk/tidy/r141' });
  expect(retry.baseCommit).toBe(git(at.project, 'rev-parse', 'main'));
  expect(retry.remarks).toEqual(['the branch nightdesk/tidy/r141 is gone, so the run started from main']);
});

test('a project that is a folder of a repository has its counterpart in the worktree', async () => {
  const at = place();
  makeRepository(at.project, { 'packages/api/a.txt': 'one', 'packages/web/b.txt': 'two' });
  writeFiles(at.project, { 'packages/api/.env': 'TOKEN=1' });
  const workspace = await open(at, { path: join(at.project, 'packages', 'api'), copy: ['.env'] });
  expect(workspace.path).toBe(join(workspace.root, 'packages', 'api'));
  expect(workspace.copied).toEqual(['packages/api/.env']);
  expect(readFileSync(join(workspace.path, '.env'), 'utf8')).toBe('TOKEN=1');
});

test('the post-checkout hook of a repository does not run', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const trace = join(at.folder, 'hook-ran');
  writeFileSync(join(at.project, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
  await open(at);
  expect(existsSync(trace)).toBe(false);
});

test('copied files never enter a commit, whoever makes it', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.project, { '.env': 'TOKEN=1', 'config/odd name!.txt': 'x' });
  writeFiles(join(at.folder, 'home'), { '.config/git/ignore': '*.swp\n' });

  const workspace = await open(at, { copy: ['.env', 'config/odd name!.txt'] });
  writeFiles(workspace.path, { 'b.txt': 'two', 'b.txt.swp': 'junk' });
  const plain = createGit(at.env, join(at.folder, 'data', 'worktrees'));
  await plain(workspace.path, ['add', '--all'], { env: workspace.env });

  expect(git(workspace.path, 'diff', '--cached', '--name-only')).toBe('b.txt');
  expect(
    existsSync(join(at.project, '.git', 'info', 'exclude')) &&
      readFileSync(join(at.project, '.git/info/exclude'), 'utf8'),
  ).not.toContain('.env');
});

test('of a folder that can not be copied whole, the part that was enters no commit either', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.project, { 'secrets/one.env': 'TOKEN=1' });
  execFileSync('mkfifo', [join(at.project, 'secrets/agent.pipe')]);

  const workspace = await open(at, { copy: ['secrets'] });
  // The system says in which order a folder is read: it may be one file or the other that was copied.
  writeFiles(workspace.path, { 'secrets/one.env': 'TOKEN=1' });
  const plain = createGit(at.env, join(at.folder, 'data', 'worktrees'));
  await plain(workspace.path, ['add', '--all'], { env: workspace.env });

  expect(workspace.remarks).toEqual(['`secrets` could not be copied (ERR_FS_CP_FIFO_PIPE)']);
  expect(git(workspace.path, 'diff', '--cached', '--name-only')).toBe('');
  // So is it known to what looks for such files in commits.
  expect(workspace.copied).toEqual(['secrets']);
});

test('what must not or cannot be copied is told', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.folder, { 'secret.txt': 'outside' });
  symlinkSync(join(at.folder, 'secret.txt'), join(at.project, 'link.txt'));

  const workspace = await open(at, {
    copy: ['../secret.txt', '/etc/hostname', 'link.txt', 'a.txt', 'none.txt', '.git'],
  });

  expect(workspace.copied).toEqual([]);
  expect(workspace.remarks).toEqual([
    "`../secret.txt` is not one of the project's files and was not copied",
    "`/etc/hostname` is not one of the project's files and was not copied",
    '`link.txt` leads out of the project and was not copied',
    '`a.txt` is tracked by git and was not copied',
    '`none.txt` was to be copied but does not exist in the project',
    "`.git` is not one of the project's files and was not copied",
  ]);
});

test('a link in the branch leads no copied file out of the worktree', async () => {
  const at = place();
  mkdirSync(at.project);
  mkdirSync(join(at.folder, 'elsewhere'));
  symlinkSync(join(at.folder, 'elsewhere'), join(at.project, 'config'));
  makeRepository(at.project, {});
  rmSync(join(at.project, 'config'));
  writeFiles(at.project, { 'config/.env': 'TOKEN=1' });

  const workspace = await open(at, { copy: ['config/.env'] });

  expect(workspace.remarks).toEqual(['`config/.env` would lead out of the worktree and was not copied']);
  expect(existsSync(join(at.folder, 'elsewhere', '.env'))).toBe(false);
});

test.each<{ what: string; make: (at: Place) => Partial<Project>; says: RegExp }>([
  { what: 'a folder that is gone', make: () => ({}), says: /^the folder of project api is gone: / },
  {
    what: 'a file',
    make: (at) => (writeFileSync(at.project, ''), {}),
    says: /^the folder of project api is a file: /,
  },
  {
    what: 'a folder without git',
    make: (at) => (mkdirSync(at.project), {}),
    says: /^the folder of project api is not a git repository: .*; set `workspace: in-place`/,
  },
  {
    what: 'a repository without a commit',
    make: (at) => (mkdirSync(at.project), git(at.project, 'init', '--quiet'), {}),
    says: /^project api has no commit yet, .* make a first commit/,
  },
  {
    what: 'a base that does not exist',
    make: (at) => (makeRepository(at.project, { a: '1' }), { base: 'mian' }),
    says: /^project api has no branch `mian`: set `base`/,
  },
])('$what is refused with a sentence', async ({ make, says }) => {
  const at = place();
  const project = make(at);
  await expect(open(at, project)).rejects.toMatchObject({ name: 'StepFailure', step: 'workspace', message: says });
});

test('two runs that start at once in one repository get a worktree each', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  const runs = [142, 143, 144, 145];
  const opened = await Promise.all(runs.map((run) => open(at, {}, { run, branch: `nightdesk/tidy/r${run}` })));
  expect(opened.map((workspace) => git(workspace.path, 'symbolic-ref', '--short', 'HEAD'))).toEqual(
    runs.map((run) => `nightdesk/tidy/r${run}`),
  );
});

test('in place, the folder itself is the workspace, on no branch of its own', async () => {
  const at = place();
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.project, { 'draft.txt': 'mine' });
  const status = git(at.project, 'status', '--porcelain', '--branch');

  const workspace = await open(at, { workspace: 'in-place' });

  expect(workspace).toMatchObject({ kind: 'in-place', path: at.project, branch: null });
  expect(git(at.project, 'ls-tree', '--name-only', workspace.startTree ?? '')).toBe('a.txt\ndraft.txt');
  expect(git(at.project, 'status', '--porcelain', '--branch')).toBe(status);
});

test('in place works without git', async () => {
  const at = place();
  mkdirSync(at.project);
  expect(await open(at, { workspace: 'in-place' })).toMatchObject({ baseCommit: null, startTree: null, remarks: [] });
});
