import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of one supervised command; `docs/architecture.md` tells who writes which. */
export interface CommandFolder {
  path: string;
  request: string;
  prompt: string;
  input: string;
  /** Standard output of `claude`. */
  stream: string;
  /** Standard error of `claude`. */
  stderr: string;
  /** Both outputs of a `shell` command, in their order. */
  output: string;
  /** The identity of the supervisor: who links it first has the folder. */
  supervisor: string;
  /** The identity of the command's process. */
  child: string;
  outcome: string;
  /** What the supervisor itself had to say: empty, unless it broke. */
  supervisorLog: string;
  temporary: string;
}

export function commandFolder(path: string): CommandFolder {
  return {
    path,
    request: join(path, 'request.json'),
    prompt: join(path, 'prompt.md'),
    input: join(path, 'input.jsonl'),
    stream: join(path, 'stream.jsonl'),
    stderr: join(path, 'stderr.log'),
    output: join(path, 'output.log'),
    supervisor: join(path, 'supervisor.json'),
    child: join(path, 'child.json'),
    outcome: join(path, 'outcome.json'),
    supervisorLog: join(path, 'supervisor.log'),
    temporary: join(path, 'tmp'),
  };
}

/**
 * Writes a whole file (0600), durably, or nothing: `false` where it is there already. A hard link and not a rename, since
 * a rename would replace what another process wrote first.
 */
export function writeOnce(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    linkSync(draft, path);
    rmSync(draft);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
