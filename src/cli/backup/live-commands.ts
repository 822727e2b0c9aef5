import { globSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

import { commandFolder } from '../../runner/supervisor/command-folder.ts';
import { findLive, type ProcessIdentity } from '../../runner/supervisor/process-table.ts';
import { readJsonOrNull } from '../../runner/supervisor/settle-command.ts';

/** The runs of a data directory of which a command is still at work, with the process that watches over it: `r142 (process 4711)`. */
export function findLiveCommands(dataDirectory: string): string[] {
  const runs = join(dataDirectory, 'runs');
  return globSync('r*/**/supervisor.json', {
    cwd: runs,
    exclude: (name) => name.endsWith(`${sep}tmp`),
  }).flatMap((name) => {
    const { supervisor } = commandFolder(dirname(join(runs, name)));
    const identity = readJsonOrNull(supervisor) as ProcessIdentity | null | undefined;
    if (identity == null || findLive(identity) === undefined) return [];
    return [`${name.split(sep)[0] ?? name} (process ${identity.pid})`];
  });
}
