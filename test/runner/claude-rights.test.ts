import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { findChangedSettings, type RightsContext } from '../../src/runner/claude-rights.ts';
import { createGit } from '../../src/runner/git.ts';
import { createPaths } from '../../src/runner/paths.ts';
import type { Workspace } from '../../src/runner/workspace/workspace.ts';
import { git, makeRepository, tempFolder } from '../support/temp-repository.ts';

interface Place {
  root: string;
  find: (given?: { startFrom?: string; copied?: string[] }) => Promise<string[]>;
}

/** A worktree with the settings that `files` holds. */
function place(files: Record<string, string>): Place {
  const folder = tempFolder();
  const root = makeRepository(join(folder, 'worktrees', 'r1'), { 'a.txt': 'one', ...files });
  const paths = createPaths(join(folder, 'data'));
  mkdirSync(paths.run(1).folder, { recursive: true });
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const baseCommit = git(root, 'rev-parse', 'HEAD');
  return {
    root,
    find({ startFrom, copied = [] } = {}) {
      const workspace: Workspace = {
        v: 1,
        kind: 'worktree',
        path: root,
        root,
        branch: 'main',
        baseCommit,
        startTree: null,
        copied,
        env: {},
      };
      const context: RightsContext = {
        git: createGit(env, join(folder, 'worktrees')),
        runPaths: paths.run(1),
        request: startFrom === undefined ? {} : { startFrom },
      };
      return findChangedSettings(context, workspace);
    },
  };
}

test('a pipe or a device that a run left in place of its settings is not read, and counts as changed', async () => {
  const at = place({ '.mcp.json': '{}', '.claude/skills/x/SKILL.md': 'x' });
  expect(await at.find()).toEqual([]);
  rmSync(join(at.root, '.mcp.json'));
  execFileSync('mkfifo', [join(at.root, '.mcp.json'), join(at.root, '.claude/settings.json')]);
  symlinkSync('/dev/zero', join(at.root, '.claude/skills/x/more.md'));
  expect(await at.find()).toEqual(['.claude/settings.json', '.mcp.json', '.claude/skills']);
});
