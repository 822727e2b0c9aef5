import { statfsSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Config } from './config/config-value.ts';
import type { Host } from './desk/watch-host.ts';
import { findProgram } from './find-program.ts';
import { tryWriting } from './try-writing.ts';

/** A write that takes longer is not waited for: that it takes so long is what is asked for. */
const writePatienceMs = 5_000;

const lostStore =
  'was deleted or moved while nightdesk has it open, and what is written is lost at its end; stop it, put the store back, and start it';

/** The machine, as far as the desk asks for it, once the store is open. `config`: the one that holds now. */
export function createHost(dataDirectory: string, config: () => Config): Host {
  const store = path.join(dataDirectory, 'nightdesk.db');
  const opened = statSync(store, { throwIfNoEntry: false });

  /** SQLite goes on with a file that has no name any more, and says nothing. */
  async function findFault(): Promise<Error | undefined> {
    const fault = await tryWriting(dataDirectory);
    if (fault !== undefined || opened === undefined) return fault;
    const found = await stat(store).catch(() => undefined);
    return found?.ino === opened.ino && found.dev === opened.dev ? undefined : new Error(`${store} ${lostStore}`);
  }

  let writing: { sinceMs: number; fault: Promise<Error | undefined> } | undefined;
  return {
    async tryWriting() {
      writing ??= {
        sinceMs: performance.now(),
        fault: findFault().finally(() => (writing = undefined)),
      };
      const { sinceMs, fault } = writing;
      const patience = new AbortController();
      const found = await Promise.race([
        fault,
        sleep(writePatienceMs, undefined, { signal: patience.signal, ref: false }).catch(() => undefined),
      ]);
      patience.abort();
      return { fault: found, tookMs: performance.now() - sinceMs };
    },
    disk() {
      const { bavail, blocks, bsize } = statfsSync(dataDirectory);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    isFolder: (folder) =>
      stat(folder).then(
        (stats) => stats.isDirectory(),
        () => false,
      ),
    missingClaude() {
      const { command, env } = config().claude;
      const [program] = command;
      return findProgram(program, env['PATH']) === undefined ? program : undefined;
    },
  };
}
