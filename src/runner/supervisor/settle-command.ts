import { readFileSync, statSync } from 'node:fs';

import { commandEnds, type CommandOutcome } from '../../model/attempt.ts';
import { defaultLimits, type CommandRequest } from '../command-request.ts';
import { findJson } from '../durable-file.ts';
import { writeOnce, type CommandFolder } from './command-folder.ts';
import { endProcesses } from './end-processes.ts';
import {
  findLive,
  listByCookie,
  listDescendants,
  listInFolder,
  readBootId,
  uniqueProcesses,
  type ProcessIdentity,
  type ProcessInfo,
} from './process-table.ts';

const maxLogCharacters = 2_000;

/** What `outcome.json` says; `undefined` while there is none. One that can't be read is `lost`. */
export function readOutcome(folder: CommandFolder): CommandOutcome | undefined {
  const value = readJsonOrNull(folder.outcome) as CommandOutcome | null | undefined;
  if (value === undefined) return undefined;
  if (value?.v === 1 && commandEnds.includes(value.end)) return value;
  return { ...blankOutcome(folder), end: 'lost', error: 'outcome.json can’t be read.', treeProven: false };
}

/** For a supervisor that died without a word: ends what outlived it, and writes the outcome in its place. */
export async function settleLost(folder: CommandFolder): Promise<CommandOutcome> {
  const request = readJsonOrNull(folder.request) as CommandRequest | null | undefined;
  const child = readJsonOrNull(folder.child) as ProcessIdentity | null | undefined;
  const supervisor = readJsonOrNull(folder.supervisor) as ProcessIdentity | null | undefined;
  const known = child ?? supervisor;
  // After a restart of the machine nothing of it can be left.
  const isEarlierBoot = known !== undefined && known !== null && known.bootId !== readBootId();
  const { left } = await endProcesses(
    () => listOutlived(child, request),
    request?.limits.terminateGraceMs ?? defaultLimits.terminateGraceMs,
  );
  return write(folder, {
    ...blankOutcome(folder),
    end: 'lost',
    error: isEarlierBoot ? 'The machine was restarted while the command ran.' : whyGone(readLog(folder)),
    endedAtMs: isEarlierBoot ? lastChangeMs(folder) : Date.now(),
    left,
    treeProven: isEarlierBoot,
  });
}

/** One that is killed has no time for a word. */
const whyGone = (log: string): string =>
  log === ''
    ? 'The process that watched over it was killed from outside: by somebody, or by the host for want of memory.'
    : `The process that watched over it ended before its time.${log}`;

/** For a supervisor that ended before it had claimed the folder. */
export function settleNotStarted(folder: CommandFolder, reason: string): CommandOutcome {
  return write(folder, {
    ...blankOutcome(folder),
    end: 'could-not-start',
    error: `The supervisor of the command could not be started: ${reason}.${readLog(folder)}`,
    treeProven: true,
  });
}

function write(folder: CommandFolder, outcome: CommandOutcome): CommandOutcome {
  const isOurs = writeOnce(folder.outcome, `${JSON.stringify(outcome)}\n`);
  return isOurs ? outcome : (readOutcome(folder) ?? outcome);
}

function listOutlived(
  child: ProcessIdentity | null | undefined,
  request: CommandRequest | null | undefined,
): ProcessInfo[] {
  const live = child === undefined || child === null ? undefined : findLive(child);
  const { cookie, ownFolder } = request ?? {};
  const roots = [
    ...(live === undefined ? [] : [live]),
    ...(cookie === undefined ? [] : listByCookie(cookie)),
    // A daemon has left its parent, its session and its environment behind, and often not its folder.
    ...(ownFolder === undefined ? [] : listInFolder(ownFolder)),
  ];
  const all = roots.flatMap((root) => [root, ...listDescendants(root.pid)]);
  return uniqueProcesses(all);
}

function blankOutcome(folder: CommandFolder): Omit<CommandOutcome, 'end' | 'treeProven'> {
  const startedAtMs = changedAtMs(folder.child) ?? changedAtMs(folder.request) ?? Date.now();
  return { v: 1, exitCode: null, signal: null, startedAtMs, endedAtMs: Date.now(), left: { count: 0, names: [] } };
}

function lastChangeMs(folder: CommandFolder): number {
  const files = [folder.request, folder.child, folder.stream, folder.stderr, folder.output];
  return Math.max(...files.map((file) => changedAtMs(file) ?? 0));
}

function changedAtMs(path: string): number | undefined {
  const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return changedMs === undefined ? undefined : Math.round(changedMs);
}

function readLog(folder: CommandFolder): string {
  try {
    const text = readFileSync(folder.supervisorLog, 'utf8').trim();
    return text === '' ? '' : ` It said: ${text.slice(-maxLogCharacters)}`;
  } catch {
    return '';
  }
}

/** `undefined` where there is no file, `null` where a power cut left one that is no JSON. */
export function readJsonOrNull(path: string): unknown {
  try {
    return findJson(path);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
