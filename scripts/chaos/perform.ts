import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { findJson } from '../../src/runner/durable-file.ts';
import type { ProcessIdentity } from '../../src/runner/supervisor/process-table.ts';
import type { ChaosBot } from './bot.ts';
import { broken, lost, type ChaosFault } from './fault.ts';
import { beginOutlasted, outlast } from './outlast.ts';
import type { Place } from './place.ts';
import type { Act, SeedPlan } from './plan.ts';
import { isAlive, listKind, signal, type SeenProcess } from './processes.ts';
import { letTimePass, readStore } from './store.ts';
import type { Trace } from './trace.ts';
import { startWatched, type TakenUp } from './watch-start.ts';

/** What a seed goes through. */
export interface Scene {
  place: Place;
  plan: SeedPlan;
  trace: Trace;
  bot: ChaosBot;
  kills: number;
  faults: ChaosFault[];
  /** What is paused, to go on before the end. */
  paused: Set<SeenProcess>;
  /** What ends later by itself. */
  later: Promise<void>[];
  /** What the starts of bots have taken up, and what not. */
  starts: Promise<TakenUp>[];
  takenUp: number;
  /** Limits and cancels that were waited for while no bot ran. */
  outlasted: number;
  /** Runs that nothing but their cancel can end. */
  cancelled: Set<number>;
}

const readyWithinMs = 180_000;
const targetWithinMs = 5_000;
const lookEveryMs = 100;
/** SIGTERM: "ends within 10 s". */
const endsWithinMs = 10_000;

/** Carries out one act. Resolves when the next one may follow. */
export async function perform(scene: Scene, act: Act): Promise<void> {
  scene.trace.note('act', { act });
  switch (act.kind) {
    case 'end-bot':
      return endBot(scene, act);
    case 'outlast':
      return endBotForLong(scene, act);
    case 'pause-bot':
      scene.bot.signal('SIGSTOP');
      await pause(act.ms);
      scene.bot.signal('SIGCONT');
      return undefined;
    case 'process': {
      const target = await choose(scene, act);
      if (target === undefined || !signal(target, act.signal)) return undefined;
      scene.kills += 1;
      scene.trace.note(act.signal, { pid: target.pid, of: target.commandLine });
      // On a busy host one that is killed is there a while longer: it would go with a bot that is ended next.
      if (act.signal === 'SIGKILL') await untilGone(target);
      return undefined;
    }
    case 'pause-process':
      return pauseProcess(scene, act);
    case 'server':
      disturbServer(scene, act);
      return undefined;
    case 'person':
      ask(scene, act);
      return undefined;
  }
}

async function endBot(scene: Scene, act: Extract<Act, { kind: 'end-bot' }>): Promise<void> {
  if (act.isReady) await Promise.race([scene.bot.ready, pause(readyWithinMs, undefined, { ref: false })]);
  await stopBot(scene, act.signal);
  letSleep(scene, act.sleptMinutes);
  await pause(act.downMs);
  startBot(scene);
}

/** Down for as long as it takes the supervisor to keep to a limit, or to carry out a cancel. */
async function endBotForLong(scene: Scene, act: Extract<Act, { kind: 'outlast' }>): Promise<void> {
  await Promise.race([scene.bot.ready, pause(readyWithinMs, undefined, { ref: false })]);
  const begun = await beginOutlasted(scene, act.what);
  await stopBot(scene, act.signal);
  letSleep(scene, act.sleptMinutes);
  if (begun !== undefined) scene.faults.push(...(await outlast(begun, scene)));
  startBot(scene);
}

function letSleep({ place, plan }: Scene, minutes: number): void {
  const job = plan.jobs.find(({ due }) => due === 'every-minute');
  if (minutes > 0 && job !== undefined) letTimePass(place.database, job.name, minutes);
}

/** The next one: it has to take up what is running. */
export function startBot(scene: Scene): void {
  const { bot, takenUp } = startWatched(scene.place, scene.trace);
  scene.bot = bot;
  scene.starts.push(takenUp);
  // Told by `settle`; until then a fault in it has nobody who listens.
  takenUp.catch(() => undefined);
}

/** Ends the bot; what it supervises has to go on. */
export async function stopBot(scene: Scene, name: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const { bot, place, trace, faults } = scene;
  const wasReady = bot.isReady();
  const supervised = listKind(place.root, 'supervisor');
  const ended = await bot.end(name);
  scene.kills += 1;
  trace.note('the bot has ended', { ...ended });
  if (name === 'SIGTERM' && wasReady) {
    if (ended.code !== 0) faults.push(broken(`the bot ended with ${ended.signal ?? ended.code} at SIGTERM`));
    if (ended.afterMs > endsWithinMs) faults.push(broken(`the bot took ${ended.afterMs} ms to end at SIGTERM`));
  }
  for (const one of supervised) {
    const folder = one.commandLine.split(' ').at(-1) ?? '';
    const isLeft = isAlive(one) || existsSync(join(folder, 'outcome.json')) || !isOf(folder, one);
    if (!isLeft) faults.push(lost(`the supervisor of ${folder} went with its bot`));
  }
}

/** Whether it is this one that has the folder: another may have been quicker. */
function isOf(folder: string, { pid }: SeenProcess): boolean {
  const claim = join(folder, 'supervisor.json');
  return existsSync(claim) && (findJson(claim) as ProcessIdentity | null)?.pid === pid;
}

async function untilGone(target: SeenProcess): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < targetWithinMs; await pause(lookEveryMs))
    if (!isAlive(target)) return;
}

/** Waits a while for one: what was just ended comes back. */
async function choose({ place }: Scene, { of, which }: { of: 'supervisor' | 'stand-in'; which: number }) {
  for (const startedMs = performance.now(); performance.now() - startedMs < targetWithinMs; await pause(lookEveryMs)) {
    const all = listKind(place.root, of);
    if (all.length > 0) return all[which % all.length];
  }
  return undefined;
}

async function pauseProcess(scene: Scene, act: Extract<Act, { kind: 'pause-process' }>): Promise<void> {
  const target = await choose(scene, act);
  if (target === undefined || !signal(target, 'SIGSTOP')) return;
  scene.paused.add(target);
  scene.trace.note('paused', { pid: target.pid, of: target.commandLine });
  const goOn = async (): Promise<void> => {
    await pause(act.ms);
    signal(target, 'SIGCONT');
    scene.paused.delete(target);
  };
  scene.later.push(goOn());
}

function disturbServer({ place, later }: Scene, { fault, times, ms }: Extract<Act, { kind: 'server' }>): void {
  const { faults, sockets } = place.slack;
  switch (fault) {
    case 'cut':
      faults.cutNetwork();
      later.push(pause(ms).then(() => faults.mendNetwork()));
      return;
    case 'busy':
      return faults.rateLimit({ retryAfter: 1, times });
    case 'broken':
      return faults.breakDown({ status: 500, times });
    case 'lost-answer':
      return faults.dropAnswer({ times });
    case 'lost-call':
      return faults.dropAnswer({ times, isStored: false });
    case 'renew':
      sockets.announceEnd('refresh_requested');
      return;
  }
}

/** Whether it is heard is a matter of luck: the bot may be down. */
function ask({ place, trace }: Scene, { asks, which }: Extract<Act, { kind: 'person' }>): void {
  const { jobs, runs } = look(place);
  const targets = asks === 'run' ? jobs : runs;
  const target = targets[which % Math.max(1, targets.length)];
  const [channel] = place.channels.values();
  if (target === undefined || channel === undefined) return;
  trace.note('a person asks', { text: `${asks} ${target}` });
  // Never settles where Slack is closed first.
  void place.slack.slash('/claude', `${asks} ${target}`, { user: place.person, channel }).catch(() => undefined);
}

function look({ database, channels }: Place): { jobs: string[]; runs: string[] } {
  const jobs = [...channels.keys()];
  try {
    return { jobs, runs: readStore(database, { isWhole: false }).runs.map(({ id }) => `r${id}`) };
  } catch {
    // A bot that was killed in the middle of its first start has left no tables.
    return { jobs, runs: [] };
  }
}
