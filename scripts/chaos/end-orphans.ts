import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { orphan, type ChaosFault } from './fault.ts';
import { listProcesses, signal, type SeenProcess } from './processes.ts';

const leavesWithinMs = 10_000;
const lookEveryMs = 50;

/** Ends what is alive when the bot has ended and nothing is to be done any more: each is a fault. */
export async function endOrphans(root: string): Promise<ChaosFault[]> {
  for (const startedMs = performance.now(); performance.now() - startedMs < leavesWithinMs; await pause(lookEveryMs))
    if (!listProcesses(root).some(isLeaving)) break;
  return listProcesses(root).map((one) => {
    signal(one, 'SIGKILL');
    return orphan(`process ${one.pid} is alive: ${one.commandLine}`);
  });
}

/** A bot sees the outcome that a supervisor has written before a slow disk has let that one go. */
const isLeaving = ({ kind, commandLine }: SeenProcess): boolean =>
  kind === 'supervisor' && existsSync(join(commandLine.split(' ').at(-1) ?? '', 'outcome.json'));
