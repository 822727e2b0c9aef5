import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A lock file, and the command that installs just what it says. */
const setups: Record<string, string> = {
  'package-lock.json': 'npm ci',
  'pnpm-lock.yaml': 'pnpm install --frozen-lockfile',
  'bun.lock': 'bun install --frozen-lockfile',
  'uv.lock': 'uv sync --frozen',
  Gemfile: 'bundle install',
};

/** The set-up command that a repository most likely wants in a fresh worktree. */
export function suggestSetup(path: string): string | undefined {
  return Object.entries(setups).find(([file]) => existsSync(join(path, file)))?.[1];
}
