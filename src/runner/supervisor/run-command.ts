import type { CommandEnd, CommandOutcome } from '../../model/attempt.ts';
import type { CommandRequest } from '../command-request.ts';
import { writeOnce, type CommandFolder } from './command-folder.ts';
import { endChild } from './end-child.ts';
import { endProcesses, type EndedProcesses, type FindProcesses } from './end-processes.ts';
import { identify, listByCookie, listDescendants, uniqueProcesses } from './process-table.ts';
import { CouldNotStart, startChild, type Child } from './start-child.ts';
import type { Subreaper } from './subreaper.ts';
import { watchInput, watchStream, watchTime, type EarlyEnd, type Watch } from './watch-command.ts';

const reapEveryMs = 1_000;
const stillThere = Promise.resolve({ exitCode: null, signal: null });

/** What `createCommandRun` needs from the process it runs in. */
export interface CommandRunOptions {
  folder: CommandFolder;
  request: CommandRequest;
  subreaper: Subreaper;
  /** Called for a fault that no promise carries. */
  onFault: (error: unknown) => void;
}

/** One command from its start to the end of its whole tree. */
export interface CommandRun {
  /** Resolves to what goes into `outcome.json`. */
  run(): Promise<CommandOutcome>;
  /** Asks for an early end; the first one counts. Before the start, nothing is started. */
  end(end: EarlyEnd): void;
  /** After a fault: ends what there is and says why. */
  abandon(error: unknown): Promise<CommandOutcome>;
}

export function createCommandRun({ folder, request, subreaper, onFault }: CommandRunOptions): CommandRun {
  const startedAtMs = Date.now();
  const asked = Promise.withResolvers<EarlyEnd>();
  let early: EarlyEnd | undefined;
  let child: Child | undefined;
  const watches: Watch[] = [];
  const closeWatches = () => watches.splice(0).forEach((watch) => watch.close());

  function end(wanted: EarlyEnd): void {
    early ??= wanted;
    asked.resolve(early);
  }

  async function endTree(): Promise<EndedProcesses> {
    // Reaped before each pass: thousands of zombies would make it slower than what it looks for.
    const find: FindProcesses = (onSight) => {
      subreaper.reapOrphans(child?.pid);
      const descendants = listDescendants(process.pid, onSight);
      // Without a subreaper orphans go to init; those that kept their environment are found all the same.
      return subreaper.isActive ? descendants : uniqueProcesses([...descendants, ...listByCookie(request.cookie)]);
    };
    return await endProcesses(find, request.limits.terminateGraceMs);
  }

  const conclude = (how: CommandEnd, rest: Partial<CommandOutcome>): CommandOutcome => ({
    v: 1,
    end: how,
    exitCode: null,
    signal: null,
    startedAtMs,
    endedAtMs: Date.now(),
    left: { count: 0, names: [] },
    treeProven: false,
    ...rest,
  });

  async function run(): Promise<CommandOutcome> {
    watches.push(watchInput(folder, end, onFault));
    // A cancel may have been waiting; the reading began in the line before and needs no turn of the event loop.
    if (early !== undefined) return finish(early, { treeProven: true });
    try {
      child = await startChild(folder, request);
    } catch (error) {
      if (!(error instanceof CouldNotStart)) throw error;
      return finish('could-not-start', { error: error.message, treeProven: true });
    }
    return await follow(child);
  }

  async function follow(child: Child): Promise<CommandOutcome> {
    writeOnce(folder.child, JSON.stringify(identify(child.pid) ?? null));
    watches.push(watchTime(request.limits.timeoutMs, end), watchOrphans(child.pid));
    if (request.kind === 'claude') watches.push(watchStream(folder, request.limits, end, onFault));

    const how = await Promise.race([child.exited.then(() => 'exited' as const), asked.promise]);
    closeWatches();
    if (how !== 'exited') await endChild(child, request);
    const endedAtMs = Date.now();
    const { left, isQuiet } = await endTree();
    // One that is stuck in the kernel has no exit code to give.
    const { exitCode, signal } = await Promise.race([child.exited, stillThere]);
    return conclude(how, { exitCode, signal, endedAtMs, left, treeProven: subreaper.isActive && isQuiet });
  }

  function watchOrphans(childPid: number): Watch {
    const timer = setInterval(() => subreaper.reapOrphans(childPid), reapEveryMs);
    return { close: () => clearInterval(timer) };
  }

  function finish(how: CommandEnd, rest: Partial<CommandOutcome>): CommandOutcome {
    closeWatches();
    return conclude(how, rest);
  }

  return {
    run,
    end,
    async abandon(error) {
      closeWatches();
      const { left, isQuiet } = await endTree();
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return conclude('lost', {
        error: `The supervisor failed: ${text}`,
        left,
        treeProven: subreaper.isActive && isQuiet,
      });
    },
  };
}
