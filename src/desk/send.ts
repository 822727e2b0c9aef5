import type { Chat } from '../bots/chat.ts';
import type { OutboxMessage, View } from '../db/outbox.ts';
import type { Change, Store } from '../db/store.ts';
import type { About } from '../model/about.ts';
import { platformOf } from '../model/platform-of.ts';
import { runLabel } from '../model/run.ts';
import type { DeskSettings } from './desk-settings.ts';
import { subjectOf } from './outbox-subject.ts';
import { findGone, tellOwnerGone } from './tell-owner-gone.ts';

export interface SendDependencies {
  store: Store;
  /** By platform: `web`. */
  chats: ReadonlyMap<string, Chat>;
  settings: Pick<DeskSettings, 'commandName'>;
  now: () => Date;
  onFault: (error: unknown, where: string, about?: About) => void;
}

export type Waiting = { kind: 'view'; view: View } | { kind: 'message'; message: OutboxMessage };
type Delivery = Waiting & {
  /** An earlier try may have come through. */
  isDoubtful: boolean;
};

/** Why something could not be sent. */
export interface Problem {
  message: string;
  /** Until a person does something about it. */
  isUnreachable: boolean;
}

const maxBackoffMs = 10 * 60_000;
/** A person has to do something: it is no use to ask often, and it may take days. */
const unreachableBackoffMs = { first: 30_000, most: 30 * 60_000 };
/** A message that is edited often is shown at most this often, since platforms limit edits. */
const editIntervalMs = 3_000;

/** Sends one thing and records what became of it. Resolves to why it could not be sent; rejects where nothing could be recorded. */
export async function send(dependencies: SendDependencies, delivery: Delivery): Promise<Problem | undefined> {
  const { store, chats, now } = dependencies;
  const what = delivery.kind === 'view' ? delivery.view : delivery.message;
  try {
    const platform = platformOf(what.channel);
    const chat = chats.get(platform);
    if (chat === undefined) throw new Error(`no platform ${platform} is configured`);
    await (delivery.kind === 'view'
      ? sendView(dependencies, chat, delivery.view, delivery.isDoubtful)
      : sendMessage(dependencies, chat, delivery.message, delivery.isDoubtful));
    return undefined;
  } catch (error) {
    const problem = {
      message: error instanceof Error ? error.message : String(error),
      isUnreachable: error instanceof Error && error.name === 'ChatUnreachable',
    };
    store.change((change) => record(change, delivery, { error, problem, now: now() }));
    if (!isBusy(error)) dependencies.onFault(error, `delivery of ${what.key}`, aboutWhat(store, what));
    return problem;
  }
}

function aboutWhat(store: Store, { key, channel }: View | OutboxMessage): About {
  const subject = subjectOf(key);
  const run = subject?.kind === 'run' ? store.runs.get(subject.id) : undefined;
  if (run !== undefined) return { run: runLabel(run.id), job: run.spec.jobName, channel };
  const job = subject?.kind === 'job' ? store.jobs.get(subject.id)?.name : undefined;
  return job === undefined ? { channel } : { job, channel };
}

// By name: the desk takes types only from the chats.
const isBusy = (error: unknown): error is Error & { retryAfterMs: number } =>
  error instanceof Error && error.name === 'ChatBusy';

function record(change: Change, delivery: Delivery, failed: { error: unknown; problem: Problem; now: Date }): void {
  const { error, problem, now } = failed;
  const what = delivery.kind === 'view' ? delivery.view : delivery.message;
  if (isBusy(error)) {
    const tryAt = new Date(now.getTime() + error.retryAfterMs);
    change.outbox.postpone(delivery.kind, what.key, tryAt);
    change.alarm(tryAt);
    return;
  }
  if (error instanceof Error && error.name === 'ChatRefusal') {
    giveUp(change, delivery, now);
    return;
  }
  const { first, most } = problem.isUnreachable ? unreachableBackoffMs : { first: 1_000, most: maxBackoffMs };
  const tryAt = new Date(now.getTime() + Math.min(most, first * 2 ** Math.min(what.failures, 20)));
  change.outbox.failed(delivery.kind, what.key, problem.message, tryAt);
  if (problem.isUnreachable) change.outbox.postponeChannel(what.channel, tryAt);
  change.alarm(tryAt);
}

/** What no further try can bring through holds up nothing behind it. */
function giveUp(change: Change, delivery: Delivery, now: Date): void {
  if (delivery.kind === 'view') {
    const { key, revision, messageRef, isPostedAnew } = delivery.view;
    // Its message was deleted: the channel gets another one, in whose thread the rest is told. Whoever deletes that too means it.
    if (messageRef !== null && !isPostedAnew) change.outbox.postAnew(key, now);
    else change.outbox.viewRefused(key, revision);
    return;
  }
  const { message } = delivery;
  change.outbox.messageDelivered(message.key, null, now);
  if (message.threadOf === null) return;
  // A message whose thread is gone goes to the channel.
  const { channel, body, attachments } = message;
  const mention = message.mention ?? undefined;
  change.outbox.post({ key: `${message.key}:channel`, channel, body, attachments, mention }, now);
}

async function sendView({ store, now }: SendDependencies, chat: Chat, view: View, isDoubtful: boolean): Promise<void> {
  let ref = view.messageRef;
  if (ref === null) {
    const { channel, body, writtenAt } = view;
    ref = await chat.post({
      // The same key would be the message that was deleted.
      key: view.isPostedAnew ? `${view.key}:anew` : view.key,
      channel,
      message: body,
      attachments: [],
      writtenAt,
      isDoubtful,
      noted: view.noted ?? undefined,
      note: (text) => store.change((change) => change.outbox.note('view', view.key, text)),
    });
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
  dependencies: SendDependencies,
  chat: Chat,
  message: OutboxMessage,
  isDoubtful: boolean,
): Promise<void> {
  const { store, settings, now } = dependencies;
  const { key, channel, body, attachments, writtenAt } = message;
  const thread = message.threadOf === null ? undefined : (store.outbox.view(message.threadOf)?.messageRef ?? undefined);
  const gone = await findGone(chat, message.mention);
  const ref = await chat.post({
    key,
    channel,
    thread,
    message: body,
    attachments,
    mention: gone === undefined ? (message.mention ?? undefined) : undefined,
    writtenAt,
    isDoubtful,
    noted: message.noted ?? undefined,
    note: (text) => store.change((change) => change.outbox.note('message', key, text)),
  });
  store.change((change) => {
    change.outbox.messageDelivered(key, ref, now());
    if (gone !== undefined) tellOwnerGone(change, { message, person: gone, settings, now: now() });
  });
}
