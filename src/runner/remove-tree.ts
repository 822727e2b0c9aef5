import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Deletes a folder with everything in it, or nothing where it is not there. A run may leave folders in which nobody may write:
 * Go's cache of modules is such a one, and tests make some.
 */
export async function removeTree(path: string): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    await openUp(path);
    await remove();
  }
}

/** What can't be opened up is found by the deleting, which says so. */
async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => {});
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await openUp(join(folder, entry.name));
}
