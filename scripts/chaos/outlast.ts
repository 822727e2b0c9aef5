import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import type { CommandOutcome } from '../../src/model/attempt.ts';
import { findJson } from '../../src/runner/durable-file.ts';
import { commandFolder } from '../../src/runner/supervisor/command-folder.ts';
import { findLive, type ProcessIdentity } from '../../src/runner/supervisor/process-table.ts';
import { readOutcome } from '../../src/runner/supervisor/settle-command.ts';
import { broken, lost, type ChaosFault } from './fault.ts';
import type { Scene } from './perform.ts';
import { isAlive, listKind, type SeenProcess } from './processes.ts';
import { createRunningClock } from './running-clock.ts';
import { readStore, type RunRow } from './store.ts';

const beginsWithinMs = 30_000;
/** The judge's limit of 2 s, what ending takes, and a pause of 2 s that may be on its way. */
const holdsWithinMs = 20_000;
const lookEveryMs = 50;

/** A command that has to end while no bot runs. */
export interface Outlasted {
  folder: string;
  supervisor: SeenProcess;
  end: CommandOutcome['end'];
}

/**
 * Starts the job on demand, and waits for the command that the limit or the cancel is to end; a cancel is asked for and
 * recorded then. `undefined` where it does not come so far: a cut-off that another act makes lasts, or the host is too busy.
 */
export async function beginOutlasted(scene: Scene, what: 'limit' | 'cancel'): Promise<Outlasted | undefined> {
  const { bot, plan, place, trace } = scene;
  const job = plan.jobs.find(({ due }) => due === 'on-demand')?.name ?? '';
  if (!bot.isReady()) return undefined;
  await bot.type(`run ${job}`);
  const found = await within(beginsWithinMs, () => findCommand(scene, job, what === 'limit' ? 'judge-1' : 'claude'));
  trace.note('to be outlasted', { which: what, run: found?.run.id, folder: found?.folder });
  if (found === undefined) return undefined;
  const { run, folder, supervisor } = found;
  if (what === 'limit') return { folder, supervisor, end: 'timed-out' };
  scene.cancelled.add(run.id);
  // Not awaited: the bot is killed as soon as the cancel is recorded, before it has answered, it may be.
  void bot.type(`cancel r${run.id}`).catch(() => undefined);
  await within(beginsWithinMs, () => isCancelled(place.database, run.id));
  return { folder, supervisor, end: 'cancelled' };
}

/** While no bot runs: waits until the command's supervisor has ended it, and says what is wrong with that. */
export async function outlast({ folder, supervisor, end }: Outlasted, scene: Scene): Promise<ChaosFault[]> {
  const { place, trace } = scene;
  if (end === 'cancelled' && !hasCancel(folder)) {
    trace.note('the supervisor was not told of the cancel: the next bot has to carry it out');
    return [];
  }
  const isDue = readOutcome(commandFolder(folder)) === undefined;
  const clock = createRunningClock(supervisor.pid);
  while (isAlive(supervisor) && clock.look() < holdsWithinMs) await pause(lookEveryMs);
  const faults = checkOutlasted({ folder, end }, place.root);
  // A supervisor may have been quicker than the end of the bot: right, and no proof.
  if (isDue) scene.outlasted += 1;
  trace.note('outlasted', { folder, isDue, end, isHeld: faults.length === 0 });
  return faults;
}

/** A command that had to be over by now: with this end, and nothing of it alive. */
export function checkOutlasted({ folder, end }: Pick<Outlasted, 'folder' | 'end'>, root: string): ChaosFault[] {
  const outcome = readOutcome(commandFolder(folder));
  if (outcome === undefined) return [lost(`${folder} did not end while no bot ran: ${end} was to come`)];
  const own = /\/runs\/(r\d+)\//.exec(folder)?.[1];
  // The name of a stand-in ends in the folder that it works in.
  const isOwn = ({ commandLine }: SeenProcess): boolean =>
    commandLine.split(' ')[0]?.endsWith(`/worktrees/${own}`) === true;
  const alive = listKind(root, 'stand-in').filter(isOwn);
  return [
    ...(outcome.end === end ? [] : [broken(`${folder} ended as ${outcome.end} while no bot ran, not as ${end}`)]),
    ...alive.map(({ pid }) => broken(`process ${pid} of ${folder} outlived its end while no bot ran`)),
  ];
}

interface FoundCommand {
  run: RunRow;
  folder: string;
  supervisor: SeenProcess;
}

/** The latest run's command of this name, while its stand-in is at work: one that another act has killed ends by itself. */
function findCommand({ place }: Scene, job: string, name: string): FoundCommand | undefined {
  const run = readStore(place.database, { isWhole: false }).runs.findLast((one) => one.job === job);
  if (run === undefined) return undefined;
  const supervisor = listKind(place.root, 'supervisor').find(({ commandLine }) =>
    commandLine.endsWith(`/r${run.id}/1/${name}`),
  );
  const folder = supervisor?.commandLine.split(' ').at(-1);
  if (supervisor === undefined || folder === undefined) return undefined;
  const child = findJson(commandFolder(folder).child) as ProcessIdentity | undefined;
  return child === undefined || findLive(child) === undefined ? undefined : { run, folder, supervisor };
}

function isCancelled(database: string, runId: number): true | undefined {
  const { acts } = readStore(database, { isWhole: false });
  return acts.some(({ act, target }) => act === 'cancel' && target === `r${runId}`) || undefined;
}

function hasCancel(folder: string): boolean {
  const { input } = commandFolder(folder);
  return existsSync(input) && readFileSync(input, 'utf8').includes('"cancel"');
}

async function within<T>(limitMs: number, find: () => T | undefined): Promise<T | undefined> {
  for (const startedMs = performance.now(); performance.now() - startedMs < limitMs; await pause(lookEveryMs)) {
    const found = find();
    if (found !== undefined) return found;
  }
  return undefined;
}
