import { statfsSync } from 'node:fs';
import { stat } from 'node:fs/promises';

import type { Config } from './config/config-value.ts';
import type { Host } from './desk/watch-host.ts';
import { findProgram } from './find-program.ts';

/** The machine, as far as the desk asks for it. `config`: the one that holds now. */
export function createHost(dataDirectory: string, config: () => Config): Host {
  return {
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
