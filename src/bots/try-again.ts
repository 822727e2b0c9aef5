import { setTimeout as pause } from 'node:timers/promises';

import { ChatBusy, ChatRefusal, ChatUnreachable } from './chat-refusal.ts';

const tries = 5;
const pauseMs = 2_000;

/**
 * What somebody waits for and no outbox keeps, tried again for some seconds where the platform is busy or its network fails.
 * `isAgain` says that an earlier try may have come through. Throws what the last try threw.
 */
export async function tryAgain<T>(work: (isAgain: boolean) => Promise<T>): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      return await work(left < tries);
    } catch (error) {
      if (error instanceof ChatRefusal || error instanceof ChatUnreachable || left === 1) throw error;
      await pause(error instanceof ChatBusy ? error.retryAfterMs : pauseMs, undefined, { ref: false });
    }
  }
}
