import type { Chat } from '../bots/chat.ts';
import type { Change, Store } from '../db/store.ts';
import type { Message } from '../model/message.ts';
import { platformOf } from '../model/platform-of.ts';
import { hasPassed } from './has-passed.ts';

export interface TellPastStoreDependencies {
  store: Pick<Store, 'onCommit'>;
  /** By platform: `web`. */
  chats: ReadonlyMap<string, Chat>;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

export interface TellPastStore {
  /** Tells `channel`, once while it lasts, that the store takes nothing. */
  tell(channel: string | undefined, message: Message): void;
  /**
   * Writes it down as the alert `key`, told in `channel`, whose end is to be told; to be called in each change that asks
   * how the disk is: the first one that is committed counts. Returns whether nobody could be told so far: should it last, it
   * is to be told now.
   */
  keep(change: Change, key: string, channel: string | undefined): boolean;
  /** Whether the store took nothing then, by what this process has met. */
  tookNothing(at: Date): boolean;
  /** Resolves when nothing is being told. */
  idle(): Promise<void>;
}

/** Between two tries to tell it. */
const againMs = 60_000;
/** Nobody knows of it before something is to be written. */
const unknownMs = 60_000;

/** What is told of goes through the store, but for this: that nothing can be written there. */
export function createTellPastStore({ store, chats, now, onFault }: TellPastStoreDependencies): TellPastStore {
  let since: Date | undefined;
  let last: { from: Date; to: Date } | undefined;
  let told: string | undefined;
  let triedAt: Date | undefined;
  let telling: Promise<void> | undefined;
  let isKept = false;
  store.onCommit(() => {
    if (!isKept) return;
    isKept = false;
    if (since !== undefined) last = { from: since, to: now() };
    since = undefined;
    told = undefined;
    triedAt = undefined;
  });

  async function post(chat: Chat, channel: string, message: Message, writtenAt: Date, isDoubtful: boolean) {
    try {
      const key = `alert:past-store:${writtenAt.getTime()}`;
      await chat.post({ key, channel, message, attachments: [], writtenAt, isDoubtful, note: () => {} });
      // Written down meanwhile, it is over here.
      if (since === writtenAt) told = channel;
    } catch (error) {
      onFault(error, `telling ${channel} that nothing can be written`);
    }
  }

  return {
    tell(channel, message) {
      since ??= now();
      // What was written down was rolled back.
      isKept = false;
      // The page keeps its messages in the store itself.
      const platform = channel === undefined ? 'web' : platformOf(channel);
      const chat = platform === 'web' ? undefined : chats.get(platform);
      const isTooSoon = triedAt !== undefined && !hasPassed(againMs, triedAt, now());
      if (chat === undefined || channel === undefined || told !== undefined || telling !== undefined || isTooSoon)
        return;
      const isDoubtful = triedAt !== undefined;
      triedAt = now();
      telling = post(chat, channel, message, since, isDoubtful).finally(() => (telling = undefined));
    },
    keep(change, key, channel) {
      if (since === undefined) return false;
      isKept = true;
      if (change.alerts.find(key) !== undefined) return false;
      const { id } = change.alerts.insert(key, since);
      const end = told ?? channel;
      if (end !== undefined) change.alerts.told(id, end);
      return told === undefined && telling === undefined;
    },
    tookNothing(at) {
      const time = since === undefined ? last : { from: since, to: now() };
      return time !== undefined && at.getTime() >= time.from.getTime() - unknownMs && at <= time.to;
    },
    idle: async () => telling,
  };
}
