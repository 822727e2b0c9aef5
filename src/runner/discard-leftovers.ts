import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { removeTree } from './remove-tree.ts';

export interface OldLeftovers {
  /** What restores before this put aside goes; `null`: none of it. */
  restoredBefore: Date | null;
  /** Drafts that nobody has written to since then were given up. */
  abandonedBefore: Date;
}

/** The time in the name says when it was put aside: renaming a folder changes no time of its own. */
const asideName = /^before-restore-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** What a restore, a backup or the writing of tokens leaves that was killed. */
const draftNames = [
  { folder: '.', name: /^restoring-\d{8}T\d{6}Z$|^web-tokens\.json\.\d+\.new$/ },
  { folder: 'backups', name: /^\d{8}T\d{6}Z\.partial$/ },
];

/** Deletes what commands left in the data directory and nobody comes back to. What is not of a known name stays. */
export async function discardLeftovers(
  dataDirectory: string,
  { restoredBefore, abandonedBefore }: OldLeftovers,
): Promise<void> {
  for (const name of restoredBefore === null ? [] : await namesIn(dataDirectory)) {
    const at = asideAt(name);
    if (at === undefined || restoredBefore === null || at >= restoredBefore) continue;
    await removeTree(join(dataDirectory, name));
  }
  for (const { folder, name } of draftNames) {
    const drafts = (await namesIn(join(dataDirectory, folder))).filter((each) => name.test(each));
    for (const draft of drafts) {
      const path = join(dataDirectory, folder, draft);
      if ((await lstat(path)).mtime >= abandonedBefore) continue;
      await removeTree(path);
    }
  }
}

function asideAt(name: string): Date | undefined {
  const parts = asideName.exec(name);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
