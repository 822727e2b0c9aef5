import type { Chat, ChatHandlers } from '../bots/chat.ts';
import type { Store } from '../db/store.ts';
import { aboutAttempt, type About } from '../model/about.ts';
import type { AttemptReport } from '../model/attempt.ts';
import { runLabel } from '../model/run.ts';
import type { RunFiles } from '../runner/run-files.ts';
import type { Runner } from '../runner/runner.ts';
import type { AlarmClock } from '../scheduler/alarm-clock.ts';
import { createCancelPastStore } from './cancel-past-store.ts';
import { createDeliver } from './deliver.ts';
import type { DeskSettings } from './desk-settings.ts';
import { createFireDue } from './fire-due.ts';
import { createHandleAsking } from './handle-asking.ts';
import { createHandleCommand } from './handle-command.ts';
import { endHoldsAtStart } from './hold-login.ts';
import { createKeepTrying } from './keep-trying.ts';
import { createLookReady, type Readiness } from './look-ready.ts';
import { createPrune } from './prune.ts';
import { createReact } from './react.ts';
import { createSettleAttempt } from './settle-attempt.ts';
import { createStartNext } from './start-next.ts';
import { createTellPastStore } from './tell-past-store.ts';
import { createTellDigests, planDigests } from './tell-digests.ts';
import { createTellProgress } from './tell-progress.ts';
import { createWatchClock } from './watch-clock.ts';
import { createWatchHost, type Host } from './watch-host.ts';

export interface DeskDependencies {
  store: Store;
  runner: Runner;
  runFiles: RunFiles;
  clock: AlarmClock;
  /** By platform: `web`. */
  chats: ReadonlyMap<string, Chat>;
  settings: DeskSettings;
  /** Where people reach the page; undefined until it is known. Digests wait for it. */
  pageUrl: () => string | undefined;
  host: Host;
  now: () => Date;
  /** How long an alarm may take to ring before the clock counts as stopped: 2 s unless given. */
  ringWithinMs?: number | undefined;
  /** Logs a fault and returns a reference to it. */
  onFault: (error: unknown, where: string, about?: About) => string;
}

export interface Desk {
  /** What the chat platforms hand their events to. */
  handlers: ChatHandlers;
  /** Hands running attempts to the runner once more, sets the bell, and catches up with what fell due. */
  start(): Promise<void>;
  /** Looks at the time as the bell would: something that due things waited for has come. */
  catchUp(): void;
  /** Takes no more work and delivers what is under way; attempts go on without the desk. */
  stop(): Promise<void>;
  /** Looks again at what waits, since the settings have changed. */
  reconsider(): void;
  /** Has a fault that somebody else met told, where it is one of the host. */
  noticed(error: unknown): void;
  /** The configuration was read again: with what is wrong with it, where it was not taken over. */
  configurationRead(refusal: string | undefined): void;
  /** Resolves when nothing that is old is being deleted. */
  pruned(): Promise<void>;
  /** Tries what a run and its telling need. */
  lookReady(): Promise<Readiness>;
  /** Resolves when nothing is being delivered, and no platform is being asked. */
  delivered(): Promise<void>;
}

/** A job that can't be settled is no reason not to start: who mends it needs the others, and the page. */
const ringAgainMs = 5_000;

/** Joins chat, clock, runner and store. */
export function createDesk(dependencies: DeskDependencies): Desk {
  const { store, runner, clock, chats, settings, pageUrl, host, now } = dependencies;
  const referTo = (error: unknown, where: string, about?: About): string => {
    watch.noticed(error);
    return dependencies.onFault(error, where, about);
  };
  const onFault = (error: unknown, where: string, about?: About): void => void referTo(error, where, about);
  const deliver = createDeliver({ store, chats, settings, now, onFault });
  const pastStore = createTellPastStore({ store, chats, now, onFault: dependencies.onFault });
  const watch = createWatchHost({ store, host, settings, pastStore, deliver: deliver.wake, now, onFault });
  const prune = createPrune({ ...dependencies, delivered: deliver.idle, onFault });
  const { diskWait } = watch;
  const startNext = createStartNext({ store, runner, settings, diskWait, now });
  const settleAttempt = createSettleAttempt({ store, runner, settings, startNext, diskWait, now });
  const progress = createTellProgress({ store, deliver: deliver.wake, now, onFault });
  const afterChange = (): void => {
    startNext();
    deliver.wake();
  };
  const react = createReact({ store, runner, chats, settings, afterChange, now, onFault });
  const fireDue = createFireDue({
    store,
    runner,
    settings,
    startNext,
    tookNothing: pastStore.tookNothing,
    actOnReactions: react.actOnReactions,
    tellDigests: createTellDigests({ store, settings, pageUrl, now }),
    deliver: deliver.wake,
    now,
    onFault,
  });
  const cancelPastStore = createCancelPastStore({ ...dependencies, deliver: deliver.wake, onFault });
  const commands = createHandleCommand({ ...dependencies, cancelPastStore, onFault: referTo, afterChange });
  const asks = createHandleAsking({ ...dependencies, onFault: referTo });
  const ready = createLookReady({ store, chats, host, settings, now, ringWithinMs: dependencies.ringWithinMs });
  const ring = (): void => {
    watch.look();
    prune.look();
    fireDue();
    ready.rang();
  };
  /** As the bell does where a step fails: what the others did stands, and all is tried again. */
  const lookNow = (look: () => void): void => {
    try {
      look();
    } catch (error) {
      onFault(error, 'looking at the time');
      store.change((change) => change.alarm(new Date(now().getTime() + ringAgainMs)));
    }
  };
  const backwards = createWatchClock({ now, onSetBack: () => store.change((change) => change.alarm(now())), onFault });
  // An attempt's report comes once in the life of a runner; the next one hands it out again.
  const settling = createKeepTrying({
    what: 'settling an attempt',
    take(report: AttemptReport) {
      // Its end says who cancelled it.
      cancelPastStore.writeDown();
      settleAttempt(report);
      if (report.claude?.outcome.end === 'could-not-start') watch.look();
      deliver.wake();
    },
    onFault: (error, where, { attemptId }) => onFault(error, where, aboutAttempt(attemptId)),
  });
  runner.listen({ onProgress: progress.onProgress, onReport: settling.hand });
  store.onCommit((alarmIds) => clock.alarmsWritten(alarmIds));
  return {
    handlers: { ...commands, ...asks, onReaction: async (...reaction) => react.onReaction(...reaction) },
    async start() {
      handInRunning(store, runner);
      store.change((change) => {
        // A restart may be what mends a channel: a new token, another configuration.
        change.outbox.tryAllAt(now());
        endHoldsAtStart(change, now());
        planDigests(change, settings, now());
      });
      watch.configurationRead(undefined);
      // The clock begins without alarms, which may take a while where the store is locked. Commands come in meanwhile: only what
      // is read behind that has the instants of all of them.
      await clock.start([], ring);
      store.change((change) => {
        for (const at of findInstants(store)) change.alarm(at);
      });
      backwards.start();
      lookNow(ring);
    },
    catchUp: () => lookNow(fireDue),
    async stop() {
      backwards.stop();
      await clock.stop();
      progress.stop();
      await runner.stop();
      settling.stop();
      cancelPastStore.stop();
      await watch.stop();
      await prune.stop();
      await react.stop();
      await deliver.stop();
    },
    reconsider() {
      store.change((change) => planDigests(change, settings, now()));
      watch.look();
      afterChange();
    },
    noticed: watch.noticed,
    configurationRead: watch.configurationRead,
    pruned: prune.idle,
    lookReady: ready.look,
    async delivered() {
      await watch.idle();
      await react.idle();
      await deliver.idle();
    },
  };
}

/** The runner goes on where each attempt is, or hands out its report if it ended while nobody watched. */
function handInRunning(store: Store, runner: Runner): void {
  for (const run of store.runs.withStatus('running')) {
    const attempt = run.currentAttemptId === null ? undefined : store.attempts.get(run.currentAttemptId);
    if (attempt === undefined) throw new Error(`${runLabel(run.id)} is running without an attempt`);
    runner.start(attempt.request);
    if (run.cancelledBy !== null) runner.cancel(attempt.id);
  }
}

/** Every instant that something in the tables waits for, but planned occurrences: there can be many, and `fireDue` sees to them. */
function findInstants(store: Store): Date[] {
  return [
    ...store.jobs.pauseEnds(),
    ...store.drafts.expiries(),
    ...store.runs.deferralEnds(),
    ...store.reactions.instants(),
    ...store.outbox.tryInstants(),
    ...store.holds.ends(),
    ...store.digests.instants(),
  ];
}
