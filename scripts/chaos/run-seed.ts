import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { launchBot } from './bot.ts';
import { checkLaunches } from './check-launches.ts';
import { checkMessages } from './check-messages.ts';
import { checkCancelled, checkStore } from './check-store.ts';
import { endOrphans } from './end-orphans.ts';
import { broken, type ChaosFault } from './fault.ts';
import { perform, type Scene } from './perform.ts';
import { makePlace, type Place } from './place.ts';
import { planSeed, type JobPlan } from './plan.ts';
import { settle } from './settle.ts';
import { readStore } from './store.ts';
import { createTrace } from './trace.ts';

export interface SeedResult {
  seed: number;
  kills: number;
  /** That fell due, and ended in one way or the other. */
  occurrences: number;
  /** Attempts that were running at a start, and were adopted or settled by it. */
  takenUp: number;
  /** Limits and cancels that were waited for while no bot ran. */
  outlasted: number;
  faults: ChaosFault[];
  /** Where everything of it lies, if it was kept. */
  folder: string | undefined;
  seconds: number;
}

export interface SeedOptions {
  /** Whether the folder of a seed without a fault is kept as well. */
  isKept: boolean;
  /** Where the seed happens, as soon as that is known. */
  onPlace: (root: string) => void;
}

/** Plans, disturbs, lets settle and checks. A seed with faults keeps its folder: trace, logs, store, files of the runs. */
export async function runSeed(seed: number, { isKept, onPlace }: SeedOptions): Promise<SeedResult> {
  const startedMs = performance.now();
  const plan = planSeed(seed);
  const place = await makePlace(plan);
  onPlace(place.root);
  const trace = createTrace(place.root);
  trace.note('plan', { ...plan });
  const scene: Scene = {
    place,
    plan,
    trace,
    bot: launchBot(place),
    kills: 0,
    faults: [],
    paused: new Set(),
    later: [],
    starts: [],
    takenUp: 0,
    outlasted: 0,
    cancelled: new Set(),
  };
  let occurrences = 0;
  try {
    await schedule(scene);
    for (const { afterMs, act } of plan.acts) {
      await pause(afterMs);
      await perform(scene, act);
    }
    await settle(scene);
    occurrences = check(scene);
  } catch (error) {
    scene.faults.push(broken(`the seed could not be carried through: ${String(error)}`));
  } finally {
    await scene.bot.end('SIGKILL');
    scene.faults.push(...(await endOrphans(place.root)));
    keepMessages(place);
    await place.slack.close();
  }
  for (const fault of scene.faults) trace.note('fault', { ...fault });
  const folder = isKept || scene.faults.length > 0 ? place.root : undefined;
  if (folder === undefined) rmSync(place.root, { recursive: true, force: true, maxRetries: 5 });
  const seconds = (performance.now() - startedMs) / 1_000;
  const { kills, takenUp, outlasted, faults } = scene;
  return { seed, kills, occurrences, takenUp, outlasted, faults, folder, seconds };
}

/** Before anything is disturbed: a command that is lost between its acknowledgement and the desk is seen by its person. */
async function schedule({ bot, place, plan, trace }: Scene): Promise<void> {
  await bot.ready;
  await place.slack.until('a connection', () => place.slack.sockets.count() > 0, 180_000);
  for (const job of plan.jobs) {
    const channel = place.channels.get(job.name);
    if (channel === undefined) continue;
    await place.slack.slash('/claude', commandOf(job), { user: place.person, channel });
    const [message] = await place.slack.until(
      `the message of ${job.name}`,
      () => {
        const messages = place.slack.messagesIn(channel);
        return messages.length > 0 && messages;
      },
      30_000,
    );
    trace.note('scheduled', { job: job.name, text: message?.text });
  }
}

function commandOf({ name, project, ending, leaves, workSeconds, hasCheck, hasJudge, due }: JobPlan): string {
  const at = typeof due === 'string' ? '* * * * *' : `in ${due.afterSeconds} seconds`;
  return [
    `schedule chaos ${ending} ${workSeconds} ${leaves} --name ${name} --project ${project} --retries 3 --notify always`,
    ...(due === 'on-demand' ? [] : [`--when "${at}"`]),
    ...(hasCheck ? ['--accept "$ test -e done.txt"'] : []),
    ...(hasJudge ? ['--accept "the work is done"'] : []),
  ].join(' ');
}

function check({ place, plan, faults, cancelled }: Scene): number {
  const now = Date.now();
  const store = readStore(place.database, { isWhole: true });
  faults.push(
    ...checkStore(store, plan, now),
    ...checkCancelled(store, cancelled),
    ...checkMessages(store, place.slack),
    ...checkLaunches(place.root),
  );
  return store.occurrences.filter(({ state }) => state !== 'planned').length;
}

/** What was on Slack in the end, for whoever looks into a fault. */
function keepMessages({ root, slack }: Place): void {
  const { messages, violations } = slack.world;
  writeFileSync(join(root, 'slack.json'), JSON.stringify({ messages, violations, calls: slack.calls }, null, 1));
}
