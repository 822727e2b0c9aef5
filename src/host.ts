import { statfsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Config } from './config/config-value.ts';
import type { Host } from './desk/watch-host.ts';
import { findProgram } from './find-program.ts';
import { tryWriting } from './try-writing.ts';

/** A write that takes longer is not waited for: that it takes so long is what is asked for. */
const writePatienceMs = 5_000;

/** The machine, as far as the desk asks for it. `config`: the one that holds now. */
export function createHost(dataDirectory: string, config: () => Config): Host {
  let writing: { sinceMs: number; fault: Promise<Error | undefined> } | undefined;
  return {
    async tryWriting() {
      writing ??= {
        sinceMs: performance.now(),
        fault: tryWriting(dataDirectory).finally(() => (writing = undefined)),
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
    isFolder: (path) =>
      stat(path).then(
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
