import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { copyStore, fileStamp } from '../../db/copy-store.ts';
import { makeFolder } from '../../make-folder.ts';
import { UserError } from '../../model/user-error.ts';
import { fileFault, readPlainFile } from '../../read-plain-file.ts';
import { copySmallFiles } from './copy-small-files.ts';
import { manifestName, storeName, tokensName, type Manifest } from './manifest.ts';

const maxTokensBytes = 1024 * 1024;

export interface BackUpOptions {
  dataDirectory: string;
  configPath: string;
  /** A new or empty folder; else one under backups/ in the data directory. */
  to: string | undefined;
  version: string;
  now: Date;
}

/**
 * Writes a backup: the store as it is at one instant, the small files of runs, and the tokens of the page. A bot may run
 * meanwhile. Resolves to its folder, which is there whole or not at all.
 */
export async function backUp(options: BackUpOptions): Promise<{ folder: string; manifest: Manifest }> {
  const { dataDirectory, configPath, version, now } = options;
  const store = join(dataDirectory, storeName);
  if (!existsSync(store)) {
    throw new UserError(
      `There is nothing to back up: ${store} is not there. nightdesk has not run with ${configPath} yet.`,
    );
  }
  const folder = resolve(options.to ?? join(dataDirectory, 'backups', fileStamp(now)));
  if (existsSync(folder) && !isEmptyFolder(folder)) {
    throw new UserError(`${folder} is there already. A backup gets a folder of its own: name a new or an empty one.`);
  }
  const draft = `${folder}.partial`;
  makeDraft(draft);
  try {
    // The store first: what its runs wrote to their folders since then is true all the same.
    await copyStore(store, join(draft, storeName));
    const { count, leftOut } = copySmallFiles(join(dataDirectory, 'runs'), join(draft, 'runs'));
    const tokens = join(dataDirectory, tokensName);
    if (existsSync(tokens)) writeFileSync(join(draft, tokensName), readTokens(tokens), { mode: 0o600 });
    const at = now.toISOString();
    const manifest: Manifest = { v: 1, version, at, configPath, dataDirectory, files: count, leftOut };
    writeFileSync(join(draft, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return { folder, manifest };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`The backup could not be written: ${why}. Nothing of it was kept.`, { cause: error });
  }
}

function makeDraft(draft: string): void {
  try {
    rmSync(draft, { recursive: true, force: true });
    makeFolder(dirname(draft));
    mkdirSync(draft, { mode: 0o700 });
  } catch (error) {
    throw new UserError(
      `The backup can't be written to ${draft}: ${fileFault(error)}. Name a folder that this user may make: --to /backup/nightdesk.`,
      { cause: error },
    );
  }
}

function readTokens(path: string): Buffer {
  try {
    return readPlainFile(path, maxTokensBytes);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}
