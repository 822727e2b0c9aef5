import { setTimeout as sleep } from 'node:timers/promises';

import { nameProcess, type ProcessInfo } from './process-table.ts';
import { sendSignal } from './send-signal.ts';

export interface EndedProcesses {
  /** What was really left behind: not zombies, and not what ended by itself in a moment. */
  left: { count: number; names: string[] };
  /** Whether nothing that `find` can find is alive any more. */
  isQuiet: boolean;
}

// Helpers of a command that is just gone are about to go as well.
const settleMs = 250;
const pauseMs = 3;
/** What no SIGKILL ends in this time is stuck in the kernel. */
const killLimitMs = 10_000;
const maxNames = 10;
/** So many are killed before the next ones are looked for. */
const maxFrozen = 5_000;

/** Lists what is to end, zombies too; `onSight` is handed the living ones as early as may be. */
export type FindProcesses = (onSight?: (one: ProcessInfo) => void) => ProcessInfo[];

/**
 * Ends all that `find` finds, and what that starts in the meantime: SIGTERM, `graceMs`, then SIGKILL until it is quiet.
 */
export async function endProcesses(find: FindProcesses, graceMs: number): Promise<EndedProcesses> {
  const seen = new Map<string, string>();
  const notSeen = (one: ProcessInfo) => !seen.has(keyOf(one));
  const record = (one: ProcessInfo) => seen.set(keyOf(one), nameProcess(one.pid));

  let isQuiet = await becomesQuiet(find, settleMs);
  if (!isQuiet) {
    const terminate = (alive: ProcessInfo[]) => {
      for (const one of alive.filter(notSeen)) {
        record(one);
        sendSignal(one.pid, 'SIGTERM');
        // A stopped process gets no SIGTERM before it goes on.
        sendSignal(one.pid, 'SIGCONT');
      }
    };
    isQuiet = await becomesQuiet(find, graceMs, terminate);
  }
  if (!isQuiet) isQuiet = await becomesQuiet(find, killLimitMs, () => killFrozen(find, record), 0);
  return { left: { count: seen.size, names: [...new Set(seen.values())].slice(0, maxNames) }, isQuiet };
}

/**
 * Waits until a pass finds nothing alive, and no zombie that the pass before did not find; `act` is handed what is alive.
 * Gives up after `limitMs`.
 *
 * In a subreaper that is a proof, however fast the processes start each other. Were one alive when a pass begins, it or a
 * living ancestor of it would be among the subreaper's children, which are listed first. Should that one die before it is
 * looked at, it is a zombie now and was none in the pass before. `find` may wait for zombies, before it lists.
 */
async function becomesQuiet(
  find: FindProcesses,
  limitMs: number,
  act: (alive: ProcessInfo[]) => void = () => {},
  restMs = pauseMs,
): Promise<boolean> {
  const startedMs = performance.now();
  for (let zombies: Set<string> | undefined; ;) {
    const found = find();
    const alive = found.filter((one) => !one.isZombie);
    const before = zombies;
    zombies = new Set(found.filter((one) => one.isZombie).map(keyOf));
    if (alive.length === 0 && before !== undefined && zombies.isSubsetOf(before)) return true;
    if (performance.now() - startedMs >= limitMs) return false;
    act(alive);
    await sleep(restMs);
  }
}

/** Stops all on sight: what is stopped can't start another while it waits for its SIGKILL. */
function killFrozen(find: FindProcesses, record: (one: ProcessInfo) => void): void {
  const stopped = new Map<string, ProcessInfo>();
  const stop = (one: ProcessInfo) => {
    if (stopped.has(keyOf(one))) return;
    stopped.set(keyOf(one), one);
    sendSignal(one.pid, 'SIGSTOP');
    record(one);
  };
  for (let known = -1; known < stopped.size && stopped.size < maxFrozen;) {
    known = stopped.size;
    for (const one of find(stop)) if (!one.isZombie) stop(one);
  }
  for (const { pid } of stopped.values()) sendSignal(pid, 'SIGKILL');
}

function keyOf(one: ProcessInfo): string {
  return `${one.pid} ${one.startTime}`;
}
