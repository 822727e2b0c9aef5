import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { checkStore, fileStamp } from '../../db/copy-store.ts';
import { DataDirectoryBusy, lockDataDirectory } from '../../db/data-lock.ts';
import { highestRunNumber, raiseRunNumbers } from '../../db/raise-run-numbers.ts';
import { UserError } from '../../model/user-error.ts';
import { CliProblem } from '../cli-problem.ts';
import { findLiveCommands } from './live-commands.ts';
import { readManifest, storeName, tokensName } from './manifest.ts';

export interface RestoreOptions {
  /** A folder that `backUp` wrote, or a copy of the store. */
  backup: string;
  dataDirectory: string;
  /** What others are told who want the data directory meanwhile. */
  holder: string;
  now: Date;
}

export interface Restored {
  /** What was there before; undefined where nothing was. */
  aside: string | undefined;
}

/**
 * Puts a backup into the data directory and keeps what was there in a folder beside it. Refuses while a bot holds the data
 * directory, or a command of a run is still at work in it. Until the last renames nothing is changed.
 */
export function restore({ backup, dataDirectory, holder, now }: RestoreOptions): Restored {
  const from = resolve(backup);
  const source = readSource(from);
  checkStore(source.store);
  const lock = lockOrRefuse(dataDirectory, holder);
  const stamp = fileStamp(now);
  const draft = join(dataDirectory, `restoring-${stamp}`);
  const aside = join(dataDirectory, `before-restore-${stamp}`);
  try {
    const live = findLiveCommands(dataDirectory);
    if (live.length > 0) {
      throw new UserError(
        `Still at work in ${dataDirectory}: ${live.join(', ')}. Wait for the end, or cancel with the bot that is there, and restore then.`,
      );
    }
    stage(source, draft, highestRun(dataDirectory));
    const old = source.names
      .flatMap((name) => (name === storeName ? storeFiles : [name]))
      .filter((name) => existsSync(join(dataDirectory, name)));
    if (old.length > 0) mkdirSync(aside, { mode: 0o700 });
    for (const name of old) renameSync(join(dataDirectory, name), join(aside, name));
    for (const name of readdirSync(draft)) renameSync(join(draft, name), join(dataDirectory, name));
    return { aside: old.length > 0 ? aside : undefined };
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
}

/** Those that SQLite keeps beside a store belong to it. */
const storeFiles = [storeName, `${storeName}-wal`, `${storeName}-shm`];

interface Source {
  store: string;
  /** Other things to copy. */
  others: string[];
  /** What is replaced in the data directory. */
  names: string[];
}

function readSource(from: string): Source {
  if (!existsSync(from)) throw new UserError(`${from} is not there.`);
  // Runs of a lone store keep their folders: it is an older state of the same data directory.
  if (statSync(from).isFile()) return { store: from, others: [], names: [storeName] };
  readManifest(from);
  const others = ['runs', tokensName].map((name) => join(from, name)).filter(existsSync);
  return { store: join(from, storeName), others, names: [storeName, 'runs', tokensName] };
}

function stage({ store, others }: Source, draft: string, highest: number): void {
  try {
    mkdirSync(draft, { mode: 0o700 });
    copyFileSync(store, join(draft, storeName));
    for (const other of others) cpSync(other, join(draft, basename(other)), { recursive: true });
    // Chats, branches and worktrees know the numbers that were given out since: none of them is given out again.
    raiseRunNumbers(join(draft, storeName), highest);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`The backup could not be copied: ${why}. Nothing was changed.`, { cause: error });
  }
}

function lockOrRefuse(dataDirectory: string, holder: string): ReturnType<typeof lockDataDirectory> {
  try {
    return lockDataDirectory(dataDirectory, holder);
  } catch (error) {
    if (!(error instanceof DataDirectoryBusy)) throw error;
    throw new CliProblem(`${error.message} Stop it before you restore.`, { cause: error });
  }
}

/** By the folders of runs too: the store that was there may be damaged, or gone. */
function highestRun(dataDirectory: string): number {
  const numbers = ['runs', 'worktrees'].flatMap((name) => {
    const folder = join(dataDirectory, name);
    return existsSync(folder) ? readdirSync(folder).map((run) => Number(/^r(\d+)/.exec(run)?.[1] ?? 0)) : [];
  });
  return Math.max(highestRunNumber(join(dataDirectory, storeName)), ...numbers);
}
