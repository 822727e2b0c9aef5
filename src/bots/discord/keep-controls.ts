import { RESTJSONErrorCodes as codes, Routes, type APIReaction } from 'discord.js';

import type { Control } from '../../model/message.ts';
import { isApiError } from './api-error.ts';
import { controlEmoji } from '../control-emoji.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { DiscordApi } from './discord-api.ts';
import { messageRef, type MessagePlace } from './message-ref.ts';

const remembered = 2_000;
const controls = ['retry', 'cancel'] as const satisfies Control[];

export interface KeepControls {
  /** From now on the bot's own reactions on the message are `wanted`. `shown` are those that Discord says it has. */
  keep(place: MessagePlace, wanted: readonly Control[], shown: readonly APIReaction[]): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Entry {
  place: MessagePlace;
  wanted: readonly Control[];
  /** What is known to be there; undefined is not known, as after a fault. */
  isThere: Partial<Record<Control, boolean>>;
}

/**
 * Keeps the bot's own reactions, which show what can be clicked. Beside the messages, not before them: a reaction that can't
 * be set is a fault for the log, and the buttons do the same.
 */
export function createKeepControls(api: DiscordApi, onFault: (error: unknown, where: string) => void): KeepControls {
  const entries = new BoundedMap<string, Entry>(remembered);
  const working = new Map<string, Promise<void>>();

  async function work(entry: Entry): Promise<void> {
    for (;;) {
      const control = controls.find((each) => entry.isThere[each] !== entry.wanted.includes(each));
      if (control === undefined) return;
      const isWanted = entry.wanted.includes(control);
      await setReaction(api, entry.place, control, isWanted);
      entry.isThere[control] = isWanted;
    }
  }

  return {
    keep(place, wanted, shown) {
      const ref = messageRef(place);
      const isShown = (control: Control): boolean =>
        shown.some(({ me, emoji }) => me && emoji.name === controlEmoji[control]);
      const isThere = { retry: isShown('retry'), cancel: isShown('cancel') };
      // What is known here is newer.
      const entry = entries.get(ref) ?? { place, wanted, isThere };
      entry.wanted = wanted;
      entries.set(ref, entry);
      if (working.has(ref)) return;
      const done = work(entry).catch((error: unknown) => {
        // With the next edit it is tried again.
        entry.isThere = {};
        onFault(error, `reactions on ${ref}`);
      });
      working.set(
        ref,
        done.finally(() => working.delete(ref)),
      );
    },
    async idle() {
      while (working.size > 0) await Promise.all(working.values());
    },
  };
}

async function setReaction(api: DiscordApi, place: MessagePlace, control: Control, isOn: boolean): Promise<void> {
  const route = Routes.channelMessageOwnReaction(
    place.channel,
    place.message,
    encodeURIComponent(controlEmoji[control]),
  );
  try {
    await (isOn ? api.put(route) : api.delete(route));
  } catch (error) {
    // Nobody has it on the message, or the message is gone.
    if (!isOn && isApiError(error, codes.UnknownEmoji, codes.UnknownMessage)) return;
    throw error;
  }
}
