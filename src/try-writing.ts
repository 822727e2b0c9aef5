import { open, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a small file into `folder` as the store would, and deletes it. Resolves to the fault that kept it from being written,
 * undefined where all went well. Waits for as long as the disk does, without keeping the event loop.
 */
export async function tryWriting(folder: string): Promise<Error | undefined> {
  const file = path.join(folder, `.write-test-${process.pid}`);
  try {
    const handle = await open(file, 'w', 0o600);
    try {
      // Larger than what some file systems keep in the entry of the file itself.
      await handle.writeFile(Buffer.alloc(8192));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rm(file, { force: true });
    return undefined;
  } catch (error) {
    await rm(file, { force: true }).catch(() => {});
    return error instanceof Error ? error : new Error(String(error));
  }
}
