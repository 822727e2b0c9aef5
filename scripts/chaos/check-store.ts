import { finalStatuses } from '../../src/model/run.ts';
import { broken, doubled, lost, type ChaosFault } from './fault.ts';
import type { SeedPlan } from './plan.ts';
import type { OccurrenceRow, RunRow, StoreContent } from './store.ts';

const minuteMs = 60_000;

/** Every due occurrence ended in exactly one way, every run has a final status, every attempt one outcome. */
export function checkStore(store: StoreContent, plan: SeedPlan, now: number): ChaosFault[] {
  const when = (act: string, job: string): number =>
    store.acts.find((one) => one.act === act && one.target === job)?.at ?? now;
  return [
    ...store.integrity.filter((line) => line !== 'ok').map((line) => broken(`the database: ${line}`)),
    ...plan.jobs.flatMap(({ name, due }) => {
      const ofJob = store.occurrences.filter((one) => one.job === name);
      if (due === 'on-demand') return [];
      return due === 'every-minute'
        ? checkMinutes(name, ofJob, { from: when('schedule', name), until: when('pause', name) })
        : checkOnce(name, ofJob);
    }),
    ...store.occurrences.flatMap((one) => checkOccurrence(one, store.runs, now)),
    ...checkRuns(store),
    ...checkAttempts(store),
  ];
}

/** A run that hangs ends by its cancel, whatever happened to the bot that had recorded it. */
export function checkCancelled({ runs }: StoreContent, cancelled: ReadonlySet<number>): ChaosFault[] {
  return runs
    .filter(({ id, status }) => cancelled.has(id) && status !== 'cancelled')
    .map(({ id, status }) => broken(`r${id} was cancelled and is ${status}`));
}

const nameOf = ({ job, dueAt }: { job: string; dueAt: number | null }): string =>
  `${job}, due ${dueAt === null ? 'by hand' : new Date(dueAt).toISOString()}`;

function checkOnce(job: string, occurrences: OccurrenceRow[]): ChaosFault[] {
  if (occurrences.length === 0) return [lost(`${job} has no occurrence`)];
  return occurrences.length === 1 ? [] : [doubled(`${job} has ${occurrences.length} occurrences`)];
}

/** No minute between the first and the last is left out, and the last is the one before `until`, or a later one. */
function checkMinutes(job: string, occurrences: OccurrenceRow[], span: { from: number; until: number }): ChaosFault[] {
  const instants = occurrences.map(({ dueAt }) => dueAt);
  const gaps = instants.slice(1).filter((dueAt, index) => dueAt - (instants[index] ?? 0) !== minuteMs);
  const last = instants.at(-1) ?? span.from;
  const isShort = Math.floor(last / minuteMs) < Math.floor(span.until / minuteMs);
  return [
    ...gaps.map((dueAt) => lost(`${job}: something is missing before ${new Date(dueAt).toISOString()}`)),
    ...(isShort ? [lost(`${job} has nothing after ${new Date(last).toISOString()}`)] : []),
  ];
}

function checkOccurrence(one: OccurrenceRow, runs: RunRow[], now: number): ChaosFault[] {
  const isDue = one.dueAt <= now;
  if (one.state === 'planned') return isDue ? [lost(`${nameOf(one)} is still planned`)] : [];
  const made = runs.filter(({ jobId, dueAt }) => jobId === one.jobId && dueAt === one.dueAt);
  if (made.length > 1) return [doubled(`${nameOf(one)} has ${made.length} runs`)];
  const [run] = made;
  if (one.state === 'ran') return run?.id === one.runId ? [] : [lost(`${nameOf(one)} ran, and has no run`)];
  return run === undefined ? [] : [doubled(`${nameOf(one)} was ${one.state} and has r${run.id}`)];
}

function checkRuns({ runs, occurrences }: StoreContent): ChaosFault[] {
  const live = runs.filter(({ status }) => !(finalStatuses as readonly string[]).includes(status));
  const strays = runs.filter(
    (run) => run.trigger === 'schedule' && !occurrences.some((one) => one.runId === run.id && one.jobId === run.jobId),
  );
  return [
    ...live.map(({ id, status }) => lost(`r${id} is still ${status}`)),
    ...strays.map(({ id }) => doubled(`r${id} belongs to no occurrence`)),
  ];
}

function checkAttempts({ runs, attempts, acts }: StoreContent): ChaosFault[] {
  return runs.flatMap(({ id }) => {
    const ofRun = attempts.filter(({ runId }) => runId === id);
    const open = ofRun.filter(({ cause, report, endedAt }) => cause === null || report === null || endedAt === null);
    const cancelledAt = acts.find(({ act, target }) => act === 'cancel' && target === `r${id}`)?.at;
    const after = ofRun.filter(({ startedAt }) => cancelledAt !== undefined && startedAt > cancelledAt);
    const overlapping = ofRun
      .slice(1)
      .filter(({ startedAt }, index) => startedAt < (ofRun[index]?.endedAt ?? Number.POSITIVE_INFINITY));
    return [
      ...open.map((one) => lost(`${one.id} has no outcome`)),
      ...after.map((one) => broken(`${one.id} was started after r${id} was cancelled`)),
      ...overlapping.map((one) => doubled(`${one.id} began before the end of the attempt before it`)),
    ];
  });
}
