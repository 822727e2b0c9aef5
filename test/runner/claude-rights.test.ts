import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { findChangedSettings, type RightsContext } from '../../src/runner/claude-rights.ts';
import { createGit } from '../../src/runner/git.ts';
import { createPaths } from '../../src/runner/paths.ts';
import type { Workspace } from '../../src/runner/workspace/workspace.ts';
import { git, makeRepository, tempFolder, writeFiles } from '../support/temp-repository.ts';

interface Place {
  project: string;
  root: string;
  /** `base`: the commit that is checked out, unless given. */
  find: (given?: { startFrom?: string; copied?: string[]; base?: string }) => Promise<string[]>;
}

/** A worktree with the settings that `files` holds. */
function place(files: Record<string, string>): Place {
  const folder = tempFolder();
  const project = join(folder, 'project');
  const root = makeRepository(join(folder, 'worktrees', 'r1'), { 'a.txt': 'one', ...files });
  const paths = createPaths(join(folder, 'data'));
  mkdirSync(paths.run(1).folder, { recursive: true });
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return {
    project,
    root,
    find({ startFrom, copied = [], base = git(root, 'rev-parse', 'HEAD') } = {}) {
      const workspace: Workspace = {
        v: 1,
        kind: 'worktree',
        path: root,
        root,
        branch: 'main',
        baseCommit: base,
        startTree: null,
        copied,
        env: {},
      };
      const context: RightsContext = {
        git: createGit(env, join(folder, 'worktrees')),
        runPaths: paths.run(1),
        request: { project: { path: project }, ...(startFrom === undefined ? {} : { startFrom }) },
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

const linked = {
  '.claude/settings.json': '{}',
  'tools/agents/helper.md': 'help',
  'tools/skills/one/SKILL.md': 'one',
  'tools/shared/notes.md': 'notes',
};

/** As people share them with other tools: `.claude/skills` is a link, and one in there leads further. */
function placeWithLinks(): Place {
  const at = place(linked);
  symlinkSync('../tools/skills', join(at.root, '.claude/skills'));
  symlinkSync('../tools/agents/', join(at.root, '.claude/agents'));
  symlinkSync('../shared', join(at.root, 'tools/skills/shared'));
  symlinkSync('.', join(at.root, 'tools/skills/one/again'));
  symlinkSync('gone', join(at.root, 'tools/skills/one/nowhere'));
  git(at.root, 'add', '--all');
  git(at.root, 'commit', '--quiet', '--message', 'links');
  return at;
}

test('in a retry, settings that are reached by links are no news where the base has them so', async () => {
  expect(await placeWithLinks().find({ startFrom: 'main' })).toEqual([]);
});

test('in a retry, what the failed run changed behind a link, or made of it, is named', async () => {
  const behind = placeWithLinks();
  const base = git(behind.root, 'rev-parse', 'HEAD');
  writeFiles(behind.root, { 'tools/shared/notes.md': 'other notes' });
  git(behind.root, 'commit', '--quiet', '--all', '--message', 'failed');
  expect(await behind.find({ startFrom: 'main', base })).toEqual(['.claude/skills']);

  const instead = placeWithLinks();
  rmSync(join(instead.root, '.claude/agents'));
  writeFiles(instead.root, { '.claude/agents/helper.md': 'hooks' });
  expect(await instead.find({ startFrom: 'main' })).toEqual(['.claude/agents']);
});

test('in a retry, settings that the owner has copied into the worktree are no news', async () => {
  const at = place({ '.claude/agents/ours.md': 'ours', '.mcp.json': '{}' });
  const copies = {
    '.claude/settings.local.json': '{}',
    '.claude/agents/mine.md': 'mine',
    '.claude/skills/one/SKILL.md': 'one',
  };
  writeFiles(at.project, copies);
  writeFiles(at.root, copies);
  const copied = ['.claude/settings.local.json', '.claude/agents/mine.md', '.claude/skills'];
  expect(await at.find({ startFrom: 'main', copied })).toEqual([]);
});

test('in a retry, a copied file that is no longer as the owner has it is named', async () => {
  const at = place({});
  writeFiles(at.project, { '.claude/settings.local.json': '{}' });
  writeFiles(at.root, { '.claude/settings.local.json': '{"hooks":{}}' });
  expect(await at.find({ startFrom: 'main', copied: ['.claude'] })).toEqual(['.claude/settings.local.json']);
});

test('in a retry, an agent that the failed run left beside a copied one is named', async () => {
  const at = place({ 'b.txt': 'two' });
  writeFiles(at.project, { '.claude/agents/mine.md': 'mine' });
  writeFiles(at.root, { '.claude/agents/mine.md': 'mine', '.claude/agents/left.md': 'hooks' });
  expect(await at.find({ startFrom: 'main', copied: ['.claude/agents/mine.md'] })).toEqual(['.claude/agents']);
});
