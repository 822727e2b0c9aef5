import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Store } from '../db/store.ts';
import { send, type SendDependencies, type Waiting } from './send.ts';
import { tellUnreachable } from './tell-unreachable.ts';

export interface Deliver {
  /** Looks at the outbox and sends what may be sent now. Cheap where nothing waits. */
  wake(): void;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
  /** Sends nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** After a fault of the store. */
const faultPauseMs = 5_000;

/**
 * Sends what the outbox holds, each channel in its own order and at its own pace: a channel that fails or is slow holds up
 * nobody else. What fails is tried again with growing pauses; the bell wakes it.
 */
export function createDeliver(dependencies: SendDependencies): Deliver {
  const { store, now, onFault } = dependencies;
  const busy = new Map<string, Promise<void>>();
  const pauses = new Map<string, NodeJS.Timeout>();
  /** Tried, without a record of what became of it. */
  const open = new Set<string>();
  /** Channels that wait for a person to do something, and what. */
  const unreachable = new Map<string, string>();
  // No time says what was written before this start: the clock may have been set back since.
  const lastBefore = store.outbox.lastSequence();
  let isStopped = false;

  async function work(channel: string): Promise<void> {
    for (;;) {
      const next = isStopped ? undefined : findNext(store, channel, now());
      if (next === undefined) break;
      const { key, failures, noted, sequence } = next.kind === 'view' ? next.view : next.message;
      const isDoubtful = failures > 0 || noted !== null || sequence <= lastBefore || open.has(key);
      open.add(key);
      const problem = await send(dependencies, { ...next, isDoubtful });
      open.delete(key);
      if (problem === undefined) unreachable.delete(channel);
      else if (problem.isUnreachable) unreachable.set(channel, problem.message);
      tell(channel);
      // The page answers without one: what waits for it would keep everybody waiting.
      await nextTurn();
    }
    // In the same turn as the last look: whoever writes more after it and wakes finds nobody at work.
    busy.delete(channel);
  }

  /** Runs that end while their channel can't be reached are told of too. */
  function tell(channel: string): void {
    const why = unreachable.get(channel);
    if (why === undefined || !tellUnreachable(dependencies, channel, why)) return;
    for (const waiting of store.outbox.waitingChannels()) start(waiting);
  }

  function start(channel: string): void {
    if (isStopped || busy.has(channel) || pauses.has(channel)) return;
    // First the answer to whoever caused it: on a slow disk each record of a delivery keeps everybody waiting.
    const working = nextTurn()
      .then(() => work(channel))
      .catch((error: unknown) => {
        busy.delete(channel);
        // What was sent could not be recorded. Looked at again at once, it would be sent in a loop that lets nothing else run.
        onFault(error, `delivery to ${channel}`, { channel });
        if (!isStopped) pauses.set(channel, setTimeout(resume, faultPauseMs, channel).unref());
      });
    busy.set(channel, working);
  }

  function resume(channel: string): void {
    pauses.delete(channel);
    start(channel);
  }

  const idle = async (): Promise<void> => {
    while (busy.size > 0) await Promise.all(busy.values());
  };
  return {
    wake() {
      if (isStopped) return;
      try {
        for (const channel of unreachable.keys()) tell(channel);
        for (const channel of store.outbox.waitingChannels()) start(channel);
      } catch (error) {
        onFault(error, 'delivery');
      }
    },
    idle,
    stop: () => {
      isStopped = true;
      for (const timer of pauses.values()) clearTimeout(timer);
      return idle();
    },
  };
}

/** What the channel is to be sent now: the oldest new thing, else an edit. Order holds: what fails holds up what is after it. */
function findNext(store: Store, channel: string, now: Date): Waiting | undefined {
  const unposted = store.outbox.firstUnpostedView(channel);
  const message = store.outbox.firstUndeliveredMessage(channel);
  const isViewFirst = unposted !== undefined && (message === undefined || unposted.sequence <= message.sequence);
  if (isViewFirst) {
    if (unposted.tryAt <= now) return { kind: 'view', view: unposted };
  } else if (message !== undefined && message.tryAt <= now) {
    return { kind: 'message', message };
  }
  const edit = store.outbox.firstDueEdit(channel, now);
  return edit && { kind: 'view', view: edit };
}
