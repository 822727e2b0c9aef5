import { open, stat, type FileHandle } from 'node:fs/promises';

import type { RunnerPaths } from './paths.ts';
import type { AttemptFile } from './runner.ts';

/**
 * Reads a part of a file of an attempt, whether it runs or has ended. Never ends in the middle of a character where the
 * file goes on behind it. An attempt or a file that is not there is empty.
 */
export async function readAttemptFile(
  paths: RunnerPaths,
  attemptId: string,
  file: AttemptFile,
  offset: number,
  maxBytes: number,
): Promise<Buffer> {
  const path = findPath(paths, attemptId, file);
  if (path === undefined) return Buffer.alloc(0);
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const length = Math.max(0, Math.min(maxBytes, size - offset));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return wholeCharacters(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** How many bytes the file has by now; 0 where it is not there. */
export async function attemptFileSize(paths: RunnerPaths, attemptId: string, file: AttemptFile): Promise<number> {
  const path = findPath(paths, attemptId, file);
  if (path === undefined) return 0;
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

function findPath(paths: RunnerPaths, attemptId: string, file: AttemptFile): string | undefined {
  const [, run, attempt] = /^r(\d+)-(\d+)$/.exec(attemptId) ?? [];
  if (run === undefined) return undefined;
  const files = paths.attempt(Number(run), Number(attempt));
  return file === 'transcript' ? files.transcript : files.patch;
}

/** Without the first bytes of a UTF-8 character whose rest is not there, unless there is nothing else. */
function wholeCharacters(bytes: Buffer): Buffer {
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const first = bytes[start] ?? 0;
  const needed = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start > 0 && bytes.length - start < needed ? bytes.subarray(0, start) : bytes;
}
