import { createRandom, type Random } from './random.ts';

/** What a stand-in for Claude does in its first attempt; later ones succeed. */
export const endings = ['succeed', 'fail', 'report-error', 'die', 'flood', 'deaf', 'hang'] as const;
/** What a stand-in leaves behind it, as `stand-in.sh` does it. */
export const leftovers = [
  'nothing',
  'background',
  'nohup',
  'session',
  'double-fork',
  'stripped',
  'deaf',
  'stopped',
] as const;

export interface JobPlan {
  name: string;
  project: 'one' | 'two' | 'in-place';
  ending: (typeof endings)[number];
  leaves: (typeof leftovers)[number];
  workSeconds: number;
  hasCheck: boolean;
  /** Whether a sentence is judged, by a judge that hangs until its time limit. */
  hasJudge: boolean;
  /** Due so many seconds after it was scheduled, once; or every minute; or only where an act starts it. */
  due: { afterSeconds: number } | 'every-minute' | 'on-demand';
}

export type Act =
  /** Ends the bot; the next one is started `downMs` later. `isReady`: not before it has said that it is ready. */
  | { kind: 'end-bot'; signal: 'SIGKILL' | 'SIGTERM'; isReady: boolean; downMs: number; sleptMinutes: number }
  /** Starts the job on demand, ends the bot once the limit or the cancel is on its way, and stays down until it has held. */
  | { kind: 'outlast'; what: (typeof outlasted)[number]; signal: 'SIGKILL' | 'SIGTERM'; sleptMinutes: number }
  | { kind: 'pause-bot'; ms: number }
  | { kind: 'process'; of: 'supervisor' | 'stand-in'; which: number; signal: 'SIGKILL' | 'SIGTERM' }
  | { kind: 'pause-process'; of: 'supervisor' | 'stand-in'; which: number; ms: number }
  | { kind: 'server'; fault: (typeof serverFaults)[number]; times: number; ms: number }
  | { kind: 'person'; asks: 'cancel' | 'run' | 'retry'; which: number };

/** What has to hold while no bot runs. */
export const outlasted = ['limit', 'cancel'] as const;

export const serverFaults = ['cut', 'busy', 'broken', 'lost-answer', 'lost-call', 'renew'] as const;

export interface SeedPlan {
  seed: number;
  jobs: JobPlan[];
  /** One after the other, each `afterMs` behind the one before. */
  acts: { afterMs: number; act: Act }[];
}

/** All that happens in a seed. What it meets depends on how quick the machine is; what is done does not. */
export function planSeed(seed: number): SeedPlan {
  const random = createRandom(seed);
  const scheduled = Array.from({ length: 6 }, (_, index) => planJob(random, index));
  const acts = random
    .shuffle([
      endBot(random, 'SIGKILL'),
      endBot(random, random.pick(['SIGKILL', 'SIGTERM'])),
      ...Array.from({ length: random.between(2, 4) }, () => hitProcess(random)),
      ...Array.from({ length: random.between(1, 3) }, () => hitServer(random)),
      ...Array.from({ length: random.between(1, 2) }, () => askSomething(random)),
      ...(random.next() < 0.4 ? [{ kind: 'pause-bot', ms: random.between(200, 1_500) } as const] : []),
    ])
    .map((act) => ({ afterMs: random.between(50, 900), act }));
  if (random.next() >= 0.6) return { seed, jobs: scheduled, acts };
  const what = random.pick(outlasted);
  return { seed, jobs: [...scheduled, planOutlasted(random, what)], acts: acts.map(outlasting(what)) };
}

/** Starts no bot beside those of the plan: what is outlasted belongs to the last end of one. */
function outlasting(what: (typeof outlasted)[number]) {
  return (one: SeedPlan['acts'][number], index: number, all: SeedPlan['acts']): SeedPlan['acts'][number] => {
    const { act } = one;
    if (act.kind !== 'end-bot' || index !== all.findLastIndex((other) => other.act.kind === 'end-bot')) return one;
    return { ...one, act: { kind: 'outlast', what, signal: act.signal, sleptMinutes: act.sleptMinutes } };
  };
}

const planOutlasted = (random: Random, what: (typeof outlasted)[number]): JobPlan => ({
  name: 'job-6',
  project: random.pick(['one', 'two']),
  ending: what === 'cancel' ? 'hang' : 'succeed',
  leaves: random.pick(leftovers),
  workSeconds: 0.2,
  hasCheck: false,
  hasJudge: what === 'limit',
  due: 'on-demand',
});

function planJob(random: Random, index: number): JobPlan {
  // A person has to look before the next run in place, where the end of the processes is not proven: one run each.
  const project = index === 0 ? 'in-place' : random.pick(['one', 'two'] as const);
  return {
    name: `job-${index}`,
    project,
    ending: random.pick(endings),
    leaves: random.pick(leftovers),
    workSeconds: random.between(2, 25) / 10,
    hasCheck: random.next() < 0.5,
    hasJudge: false,
    due: index === 1 ? 'every-minute' : { afterSeconds: random.between(1, 7) },
  };
}

const endBot = (random: Random, signal: 'SIGKILL' | 'SIGTERM'): Act => ({
  kind: 'end-bot',
  signal,
  isReady: random.next() < 0.7,
  downMs: random.between(0, 1_200),
  sleptMinutes: random.next() < 0.4 ? random.between(2, 30) : 0,
});

function hitProcess(random: Random): Act {
  const target = { of: random.pick(['supervisor', 'stand-in'] as const), which: random.between(0, 9) };
  return random.next() < 0.25
    ? { kind: 'pause-process', ...target, ms: random.between(200, 2_000) }
    : { kind: 'process', ...target, signal: random.pick(['SIGKILL', 'SIGKILL', 'SIGTERM'] as const) };
}

const hitServer = (random: Random): Act => ({
  kind: 'server',
  fault: random.pick(serverFaults),
  times: random.between(1, 3),
  ms: random.between(200, 1_500),
});

const askSomething = (random: Random): Act => ({
  kind: 'person',
  asks: random.pick(['cancel', 'run', 'retry'] as const),
  which: random.between(0, 9),
});
