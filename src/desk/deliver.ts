import type { Chat } from '../bots/chat.ts';
import type { OutboxMessage, View } from '../db/outbox.ts';
import type { Change, Store } from '../db/store.ts';

export interface DeliverDependencies {
  store: Store;
  /** By platform: `web`. */
  chats: ReadonlyMap<string, Chat>;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface Deliver {
  /** Looks at the outbox and sends what may be sent now. Cheap where nothing waits. */
  wake(): void;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
  /** Sends nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

const maxBackoffMs = 10 * 60_000;
/** After a fault of the store. */
const faultPauseMs = 5_000;
/** A message that is edited often is shown at most this often, since platforms limit edits. */
const editIntervalMs = 3_000;

type Waiting = { kind: 'view'; view: View } | { kind: 'message'; message: OutboxMessage };
type Delivery = Waiting & {
  /** An earlier try may have come through. */
  isDoubtful: boolean;
};

/**
 * Sends what the outbox holds, each channel in its own order and at its own pace: a channel that fails or is slow holds up
 * nobody else. What fails is tried again with growing pauses; the bell wakes it.
 */
export function createDeliver(dependencies: DeliverDependencies): Deliver {
  const { store, now, onFault } = dependencies;
  const busy = new Map<string, Promise<void>>();
  const pauses = new Map<string, NodeJS.Timeout>();
  /** Tried, without a record of what became of it. */
  const open = new Set<string>();
  const startedAt = now();
  let isStopped = false;

  const isTried = ({ key, failures, noted, writtenAt }: View | OutboxMessage): boolean =>
    failures > 0 || noted !== null || writtenAt < startedAt || open.has(key);

  async function work(channel: string): Promise<void> {
    for (let next = findNext(store, channel, now()); next !== undefined; next = findNext(store, channel, now())) {
      if (isStopped) return;
      const what = next.kind === 'view' ? next.view : next.message;
      const isDoubtful = isTried(what);
      open.add(what.key);
      await send(dependencies, { ...next, isDoubtful });
      open.delete(what.key);
    }
  }

  function start(channel: string): void {
    if (isStopped || busy.has(channel) || pauses.has(channel)) return;
    const working = work(channel).then(
      () => {
        busy.delete(channel);
      },
      (error: unknown) => {
        busy.delete(channel);
        // What was sent could not be recorded. Looked at again at once, it would be sent in a loop that lets nothing else run.
        onFault(error, `delivery to ${channel}`);
        if (!isStopped) pauses.set(channel, setTimeout(resume, faultPauseMs, channel).unref());
      },
    );
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
  const stale = store.outbox.undeliveredViews(channel);
  const unposted = stale.find((view) => view.messageRef === null);
  const message = store.outbox.firstUndeliveredMessage(channel);
  const isViewFirst = unposted !== undefined && (message === undefined || unposted.sequence <= message.sequence);
  if (isViewFirst) {
    if (unposted.tryAt <= now) return { kind: 'view', view: unposted };
  } else if (message !== undefined && message.tryAt <= now) {
    return { kind: 'message', message };
  }
  const edit = stale.find((view) => view.messageRef !== null && view.tryAt <= now);
  return edit && { kind: 'view', view: edit };
}

async function send(dependencies: DeliverDependencies, delivery: Delivery): Promise<void> {
  const { store, chats, now } = dependencies;
  const what = delivery.kind === 'view' ? delivery.view : delivery.message;
  try {
    const platform = what.channel.slice(0, what.channel.indexOf(':'));
    const chat = chats.get(platform);
    if (chat === undefined) throw new Error(`no platform ${platform} is configured`);
    await (delivery.kind === 'view'
      ? sendView(dependencies, chat, delivery.view, delivery.isDoubtful)
      : sendMessage(dependencies, chat, delivery.message, delivery.isDoubtful));
  } catch (error) {
    const tryAt = new Date(now().getTime() + Math.min(maxBackoffMs, 1_000 * 2 ** Math.min(what.failures, 20)));
    const text = error instanceof Error ? error.message : String(error);
    const isRefused = error instanceof Error && error.name === 'ChatRefusal';
    store.change((change) => {
      if (isRefused) giveUp(change, delivery, now());
      else if (delivery.kind === 'view') change.outbox.viewFailed(what.key, text, tryAt);
      else change.outbox.messageFailed(what.key, text, tryAt);
      if (!isRefused) change.alarm(tryAt);
    });
    dependencies.onFault(error, `delivery of ${what.key}`);
  }
}

/** What no further try can bring through holds up nothing behind it. A message whose thread is gone goes to the channel. */
function giveUp(change: Change, delivery: Delivery, now: Date): void {
  if (delivery.kind === 'view') {
    change.outbox.viewRefused(delivery.view.key, delivery.view.revision);
    return;
  }
  const { message } = delivery;
  change.outbox.messageDelivered(message.key, null, now);
  if (message.threadOf === null) return;
  const { channel, body, attachments } = message;
  const mention = message.mention ?? undefined;
  change.outbox.post({ key: `${message.key}:channel`, channel, body, attachments, mention }, now);
}

async function sendView(
  { store, now }: DeliverDependencies,
  chat: Chat,
  view: View,
  isDoubtful: boolean,
): Promise<void> {
  let ref = view.messageRef;
  if (ref === null) {
    const { key, channel, body } = view;
    const note = (text: string): void => store.change((change) => change.outbox.noteView(key, text));
    const facts = { writtenAt: view.writtenAt, noted: view.noted ?? undefined, isDoubtful };
    ref = await chat.post({ ...facts, key, channel, message: body, attachments: [], note });
  } else {
    await chat.edit(ref, view.body);
  }
  const deliveredRef = ref;
  store.change((change) => {
    const nextEditAt = new Date(now().getTime() + (chat.editIntervalMs ?? editIntervalMs));
    change.outbox.viewDelivered(view.key, view.revision, deliveredRef, now(), nextEditAt);
    const isStale = (change.outbox.view(view.key)?.revision ?? 0) > view.revision;
    if (isStale) change.alarm(nextEditAt);
  });
}

async function sendMessage(
  { store, now }: DeliverDependencies,
  chat: Chat,
  message: OutboxMessage,
  isDoubtful: boolean,
): Promise<void> {
  const thread = message.threadOf === null ? undefined : (store.outbox.view(message.threadOf)?.messageRef ?? undefined);
  const { key, channel, body, attachments } = message;
  const mention = message.mention ?? undefined;
  const note = (text: string): void => store.change((change) => change.outbox.noteMessage(key, text));
  const facts = { writtenAt: message.writtenAt, noted: message.noted ?? undefined, isDoubtful };
  const ref = await chat.post({ ...facts, key, channel, thread, message: body, attachments, mention, note });
  store.change((change) => change.outbox.messageDelivered(key, ref, now()));
}
