import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

/** A folder of the test's own, by its real path, that goes with the test. */
export function tempFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'nightdesk-test-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** git without the configuration of whoever runs the tests. Returns what it prints, trimmed. */
export function git(cwd: string, ...args: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Makes `folder` a repository with one commit on `main`. */
export function makeRepository(folder: string, files: Record<string, string>): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFiles(folder, files);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'first');
  return folder;
}

/** A bare repository with the commits of `source`, which gets it as its remote `origin`. */
export function giveOrigin(source: string, folder: string): string {
  git(source, 'clone', '--quiet', '--bare', source, folder);
  git(source, 'remote', 'add', 'origin', folder);
  return folder;
}

/** Adds a commit to the bare repository, as a colleague's push would. */
export function pushFromElsewhere(origin: string, scratch: string, files: Record<string, string>): string {
  git(dirname(scratch), 'clone', '--quiet', origin, scratch);
  writeFiles(scratch, files);
  git(scratch, 'add', '--all');
  git(scratch, 'commit', '--quiet', '--message', 'from elsewhere');
  git(scratch, 'push', '--quiet');
  return git(scratch, 'rev-parse', 'HEAD');
}
