import { setTimeout as delay } from 'node:timers/promises';

import type { webApi } from '@slack/bolt';

import type { Control } from '../../model/message.ts';
import { BoundedMap } from '../bounded-map.ts';
import { ChatBusy } from '../chat-refusal.ts';
import { slackErrorName, toChatError } from './api-error.ts';
import { messageRef, type SlackPlace } from './message-ref.ts';

export interface KeepControls {
  /**
   * Has the bot's own reactions on a message be these from now on. Returns at once: a reaction holds up no message. One that
   * `isNew` has none yet.
   */
  keep(place: SlackPlace, controls: readonly Control[], isNew?: boolean): void;
  /** Resolves when none is on its way. */
  idle(): Promise<void>;
  stop(): void;
}

interface KeepControlsOptions {
  client: webApi.WebClient;
  onFault(error: unknown, where: string): void;
}

const emoji = { retry: 'repeat', cancel: 'octagonal_sign' } as const satisfies Record<Control, string>;
const everyControl = ['retry', 'cancel'] as const;
/** Nothing is left to do. */
const isDone = ['already_reacted', 'no_reaction', 'message_not_found'];
const maxKnown = 2_000;

/**
 * Keeps the bot's reactions, those that people click to retry or cancel, as the messages' buttons are. One call at a time: Slack
 * limits them for the whole workspace, and a hundred runs that end at once need two hundred.
 */
export function createKeepControls({ client, onFault }: KeepControlsOptions): KeepControls {
  const wanted = new Map<string, { place: SlackPlace; controls: readonly Control[] }>();
  const shown = new BoundedMap<string, readonly Control[]>(maxKnown);
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let [next] = wanted; next !== undefined && !stopping.signal.aborted; [next] = wanted) {
      const [ref, { place, controls }] = next;
      try {
        await bringInOrder(place, controls, shown.get(ref));
        shown.set(ref, controls);
      } catch (error) {
        shown.delete(ref);
        if (error instanceof ChatBusy && !stopping.signal.aborted) {
          await delay(error.retryAfterMs, undefined, { signal: stopping.signal }).catch(() => {});
          continue;
        }
        onFault(error, `reactions of ${ref}`);
      }
      // What was wanted meanwhile comes next.
      if (wanted.get(ref) === next[1]) wanted.delete(ref);
    }
  }

  async function bringInOrder({ channel, ts }: SlackPlace, controls: readonly Control[], before?: readonly Control[]) {
    const { add, remove } = client.reactions;
    for (const control of everyControl) {
      const isWanted = controls.includes(control);
      if (before?.includes(control) === isWanted) continue;
      await (isWanted ? add : remove)({ channel, timestamp: ts, name: emoji[control] }).catch((error: unknown) => {
        if (!isDone.includes(slackErrorName(error) ?? '')) throw toChatError(error, channel);
      });
    }
  }

  return {
    keep(place, controls, isNew = false) {
      const ref = messageRef(place.channel, place.ts);
      if (stopping.signal.aborted) return;
      if (isNew) shown.set(ref, []);
      wanted.set(ref, { place, controls });
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    idle: () => working ?? Promise.resolve(),
    stop: () => stopping.abort(),
  };
}
