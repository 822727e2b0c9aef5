import { setTimeout as delay } from 'node:timers/promises';

import type { webApi } from '@slack/bolt';

import type { Control } from '../../model/message.ts';
import { ChatBusy } from '../chat-refusal.ts';
import { slackErrorName, toChatError } from './api-error.ts';
import { messageRef, type SlackPlace } from './message-ref.ts';

export interface Reactions {
  /**
   * Has the bot's own reactions on a message be these from now on. Returns at once: a reaction holds up no message. One that
   * `isNew` has none yet.
   */
  keep(place: SlackPlace, controls: readonly Control[], isNew?: boolean): void;
  /** Resolves when none is on its way. */
  idle(): Promise<void>;
  stop(): void;
}

interface ReactionsOptions {
  client: webApi.WebClient;
  onFault(error: unknown, where: string): void;
}

const emoji = { retry: 'repeat', cancel: 'octagonal_sign' } as const satisfies Record<Control, string>;
const everyControl = ['retry', 'cancel'] as const;
const maxKnown = 2_000;
const maxTries = 4;

/** Keeps the bot's reactions, those that people click to retry or cancel, as the messages' buttons are. */
export function createReactions({ client, onFault }: ReactionsOptions): Reactions {
  const wanted = new Map<string, { place: SlackPlace; controls: readonly Control[] }>();
  const shown = new Map<string, readonly Control[]>();
  const busy = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  async function work(ref: string): Promise<void> {
    for (let next = wanted.get(ref); next !== undefined && !stopping.signal.aborted; next = wanted.get(ref)) {
      wanted.delete(ref);
      const { place, controls } = next;
      const before = shown.get(ref);
      shown.delete(ref);
      for (const control of everyControl) {
        const isWanted = controls.includes(control);
        if (before?.includes(control) !== isWanted) await change(place, control, isWanted);
      }
      know(ref, controls);
    }
  }

  function know(ref: string, controls: readonly Control[]): void {
    shown.set(ref, controls);
    const [oldest] = shown.keys();
    if (shown.size > maxKnown && oldest !== undefined) shown.delete(oldest);
  }

  async function change({ channel, ts }: SlackPlace, control: Control, isWanted: boolean): Promise<void> {
    const { add, remove } = client.reactions;
    for (let tries = 1; ; tries += 1) {
      try {
        await (isWanted ? add : remove)({ channel, timestamp: ts, name: emoji[control] });
        return;
      } catch (error) {
        const name = slackErrorName(error);
        if (name === 'already_reacted' || name === 'no_reaction' || name === 'message_not_found') return;
        const chatError = toChatError(error, channel);
        if (!(chatError instanceof ChatBusy) || tries === maxTries) throw chatError;
        await delay(chatError.retryAfterMs, undefined, { signal: stopping.signal, ref: false });
      }
    }
  }

  return {
    keep(place, controls, isNew = false) {
      const ref = messageRef(place.channel, place.ts);
      if (isNew) know(ref, []);
      wanted.set(ref, { place, controls });
      if (busy.has(ref) || stopping.signal.aborted) return;
      const working = work(ref)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) onFault(error, `reactions of ${ref}`);
        })
        .finally(() => busy.delete(ref));
      busy.set(ref, working);
    },
    async idle() {
      while (busy.size > 0) await Promise.all(busy.values());
    },
    stop: () => stopping.abort(),
  };
}
