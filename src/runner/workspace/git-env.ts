import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { withGitSetting } from '../child-env.ts';
import { writeDurably } from '../durable-file.ts';
import type { GitSettings } from './git-settings.ts';
import type { WorkspaceContext } from './workspace.ts';

/**
 * What git is told by the environment in a worktree, so that neither the repository's configuration nor its `info/exclude`
 * need a change: who commits, where nobody is configured, and which files never belong into a commit.
 */
export async function worktreeGitEnv(
  context: WorkspaceContext,
  folder: string,
  copied: string[],
  settings: GitSettings,
): Promise<Record<string, string>> {
  const identity = fallbackIdentity(context, settings);
  if (copied.length === 0) return identity;
  writeDurably(context.paths.excludes, `${await ownExcludes(context, folder)}\n${copied.map(asPattern).join('\n')}\n`);
  const given = { GIT_CONFIG_COUNT: context.env['GIT_CONFIG_COUNT'] ?? '0' };
  return { ...identity, ...withGitSetting(given, 'core.excludesFile', context.paths.excludes) };
}

/** Who commits in a repository where nobody is configured. */
function fallbackIdentity({ env }: WorkspaceContext, { userName, userEmail }: GitSettings): Record<string, string> {
  const isKnown = (value: string | undefined, variable: string): boolean =>
    value !== undefined || env[variable] !== undefined;
  return {
    ...(isKnown(userName, 'GIT_AUTHOR_NAME') ? {} : { GIT_AUTHOR_NAME: 'nightdesk' }),
    ...(isKnown(userName, 'GIT_COMMITTER_NAME') ? {} : { GIT_COMMITTER_NAME: 'nightdesk' }),
    ...(isKnown(userEmail, 'GIT_AUTHOR_EMAIL') ? {} : { GIT_AUTHOR_EMAIL: 'nightdesk@localhost' }),
    ...(isKnown(userEmail, 'GIT_COMMITTER_EMAIL') ? {} : { GIT_COMMITTER_EMAIL: 'nightdesk@localhost' }),
  };
}

/** `core.excludesFile` names one file, so the owner's own patterns go into ours. */
async function ownExcludes({ git, env, signal }: WorkspaceContext, folder: string): Promise<string> {
  const configured = await git(folder, ['config', '--type=path', 'core.excludesFile'], { signal });
  const configFolder = env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.config'));
  const path =
    configured.stdout.trim() || (configFolder === undefined ? undefined : join(configFolder, 'git', 'ignore'));
  return path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
}

/** https://git-scm.com/docs/gitignore: a leading slash anchors the pattern, a backslash takes a sign literally. */
const asPattern = (path: string): string => `/${path.replaceAll(/[\\*?[\] !#]/g, '\\$&')}`;
