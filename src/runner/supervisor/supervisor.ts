import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { CommandOutcome } from '../../model/attempt.ts';
import type { CommandRequest } from '../command-request.ts';
import { findJson } from '../durable-file.ts';
import { codeOf, commandFolder, writeOnce, type CommandFolder } from './command-folder.ts';
import { identify } from './process-table.ts';
import { createCommandRun } from './run-command.ts';
import { becomeSubreaper } from './subreaper.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * The process that stays with one command: `node supervisor.ts <folder>`. It outlives the bot, and everything it needs is
 * loaded before the command starts, so that it outlives an `npm ci` too. Exits 0 once `outcome.json` is there.
 */
async function supervise(folder: CommandFolder): Promise<void> {
  let isTerminated = false;
  let onTerminate = () => {
    isTerminated = true;
  };
  process.on('SIGTERM', () => onTerminate());
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2'] as const) process.on(signal, () => {});

  const subreaper = await becomeSubreaper();
  if (!writeOnce(folder.supervisor, JSON.stringify(identify(process.pid)))) return;
  if (existsSync(folder.outcome)) return;

  const request = findJson(folder.request) as CommandRequest;
  appendFileSync(folder.input, '', { mode: 0o600 });
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => {});
  process.on('uncaughtException', fault.reject);
  const command = createCommandRun({ folder, request, subreaper, onFault: fault.reject });
  onTerminate = () => command.end('terminated');
  if (isTerminated) command.end('terminated');

  const outcome = await Promise.race([command.run(), fault.promise]).catch((error: unknown) => command.abandon(error));
  await writeOutcome(folder, outcome);
}

/** A full disk may have room again later; a folder that was deleted has nobody who waits. */
async function writeOutcome(folder: CommandFolder, outcome: CommandOutcome): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      writeOnce(folder.outcome, `${JSON.stringify(outcome)}\n`);
      return;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw error;
      process.stderr.write(`outcome.json could not be written yet: ${String(error)}\n`);
    }
    await sleep(pauseMs);
  }
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('The folder of a supervised command is missing: supervisor <folder>');
try {
  await supervise(commandFolder(path));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
// Something may still hold the event loop: the reading of a stream, or a child that is stuck in the kernel.
process.exit(0);
