import { existsSync } from 'node:fs';

import type { CommandOutcome } from '../model/attempt.ts';
import type { CommandRequest } from './command-request.ts';
import { findJson } from './durable-file.ts';
import type { AttemptPaths } from './paths.ts';
import { superviseCommand, type SupervisedCommand } from './supervise.ts';
import { commandFolder } from './supervisor/command-folder.ts';

/** The runner let go of the attempt; whatever is supervised goes on. */
export class Detached extends Error {
  override readonly name = 'Detached';
}

/** The supervised commands of one attempt, one after the other, each in a folder of its own. */
export interface AttemptCommands {
  /**
   * Runs a command, or takes up the one of this name that runs or has ended; only in the first case is `launch` asked.
   * `undefined`: the attempt was cancelled before the command was started. Rejects with `Detached` once the runner stops.
   */
  run(command: NamedCommand): Promise<CommandOutcome | undefined>;
  ended(): EndedCommand[];
  /** Whether nothing is proven to be left of any command that was started. */
  isTreeProven(): boolean;
  /** After a fault: ends what runs and waits for its end. */
  abandon(): Promise<void>;
}

export interface NamedCommand {
  /** Of its folder. */
  name: string;
  /** What people call it. */
  label: string;
  launch: () => Launch | Promise<Launch>;
}

export interface Launch {
  request: CommandRequest;
  prompt?: string;
}

export interface EndedCommand {
  label: string;
  outcome: CommandOutcome;
}

export function createAttemptCommands(
  paths: AttemptPaths,
  signals: { cancel: AbortSignal; stop: AbortSignal },
): AttemptCommands {
  const ended: EndedCommand[] = [];
  let live: { command: SupervisedCommand; over: Promise<CommandOutcome> } | undefined;
  /** What a fault has left without anybody who watches it. */
  let unwatched: { folder: string; launched: Launch } | undefined;
  let isOneUnknown = false;

  async function follow(command: SupervisedCommand): Promise<CommandOutcome> {
    const detached = Promise.withResolvers<never>();
    const onStop = (): void => {
      command.detach();
      detached.reject(new Detached());
    };
    const onCancel = (): void => command.cancel();
    signals.stop.addEventListener('abort', onStop, { once: true });
    signals.cancel.addEventListener('abort', onCancel, { once: true });
    try {
      if (signals.cancel.aborted) onCancel();
      return await Promise.race([command.outcome, detached.promise]);
    } finally {
      signals.stop.removeEventListener('abort', onStop);
      signals.cancel.removeEventListener('abort', onCancel);
    }
  }

  return {
    async run({ name, label, launch }) {
      const folder = paths.step(name);
      const { request } = commandFolder(folder);
      const isStarted = existsSync(request);
      if (signals.cancel.aborted && !isStarted) return undefined;
      const launched = isStarted ? { request: findJson(request) as CommandRequest } : await launch();
      if (signals.stop.aborted) throw new Detached();
      const command = superviseCommand(folder, launched);
      live = { command, over: follow(command) };
      try {
        const outcome = await live.over;
        ended.push({ label, outcome });
        return outcome;
      } catch (error) {
        isOneUnknown = true;
        unwatched = { folder, launched };
        throw error;
      } finally {
        live = undefined;
      }
    },
    ended: () => ended,
    isTreeProven: () => !isOneUnknown && ended.every(({ outcome }) => outcome.treeProven),
    async abandon() {
      live?.command.cancel();
      await live?.over;
      if (unwatched === undefined) return;
      const command = superviseCommand(unwatched.folder, unwatched.launched);
      // Though taking it up again met the same fault.
      command.cancel();
      await follow(command);
    },
  };
}
