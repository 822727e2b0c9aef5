import { existsSync, mkdirSync, renameSync } from 'node:fs';

import type { AttemptRequest } from '../model/attempt.ts';
import { findJson, writeDurably } from './durable-file.ts';
import type { RunnerPaths } from './paths.ts';

/**
 * Makes the attempt's folder ours, once. A store that is new, or was restored from a backup, gives out numbers again that
 * folders of other runs have: their report would be taken for this attempt's. Such folders are moved aside; the session's id
 * tells whose they are.
 */
export function claimFolder(paths: RunnerPaths, request: AttemptRequest, now: Date): void {
  const { folder, memo } = paths.attempt(request.run, request.attempt);
  const claim = memo('session');
  const known = findJson(claim) as { sessionId: string } | undefined;
  if (known?.sessionId === request.sessionId) return;
  if (known !== undefined) moveAside(paths, request, now);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeDurably(claim, JSON.stringify({ v: 1, sessionId: request.sessionId }));
}

function moveAside(paths: RunnerPaths, request: AttemptRequest, now: Date): void {
  const { folder, worktree } = paths.run(request.run);
  const isWholeRun = request.attempt === 1;
  const old = isWholeRun ? [folder, worktree] : [paths.attempt(request.run, request.attempt).folder];
  for (const path of old) {
    if (existsSync(path)) renameSync(path, `${path}.before-${now.getTime()}`);
  }
}
