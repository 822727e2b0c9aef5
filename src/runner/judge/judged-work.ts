import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Attempt } from '../attempt.ts';
import { writeDurably } from '../durable-file.ts';
import { readPatch } from '../record-changes.ts';
import { diffStat, findSpan } from '../workspace/changes.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { JudgeSubject } from './judge-prompt.ts';

/** What is handed to every judge of an attempt. */
export interface JudgedWork {
  claims: string;
  /** Holds the whole patch and nothing else, since the judge may read it: requests beside it hold credentials. */
  folder: string;
  /** Asked for by the first call that starts, then known. */
  changes(): Promise<JudgeSubject['changes']>;
}

export function createJudgedWork(attempt: Attempt, workspace: Workspace, claims: string): JudgedWork {
  const folder = join(attempt.paths.folder, 'judged');
  let changes: Promise<JudgeSubject['changes']> | undefined;
  return { claims, folder, changes: () => (changes ??= readChanges(attempt, workspace, folder)) };
}

async function readChanges(attempt: Attempt, workspace: Workspace, folder: string): Promise<JudgeSubject['changes']> {
  const { git, paths, stop, mask } = attempt;
  const span = await findSpan(git, workspace, paths.folder, stop);
  const patch = span && (await readPatch(attempt, workspace, span));
  if (span === undefined || patch === undefined) return undefined;
  const wholePatchPath = join(folder, 'changes.patch');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeDurably(wholePatchPath, patch);
  return { stat: mask(await diffStat(git, workspace.root, span, stop)), patch, wholePatchPath };
}
