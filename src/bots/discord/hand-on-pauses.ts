import type { RateLimitData } from 'discord.js';
import type { Logger } from 'pino';

interface PauseOptions {
  /** Longer pauses are not waited for by the SDK. */
  maxWaitMs: number;
  log: Logger;
}

/**
 * Which pauses that Discord asks for are handed on as `RateLimitError`; the SDK waits the others. An answer 429 without a time it
 * would repeat at once. Each is logged without its address, since an interaction's token may stand in that.
 */
export const handOnPauses =
  ({ maxWaitMs, log }: PauseOptions) =>
  ({ method, route, scope, retryAfter: pauseMs }: RateLimitData): boolean => {
    const isWaitedFor = pauseMs > 0 && pauseMs <= maxWaitMs;
    log[isWaitedFor ? 'debug' : 'info']({ method, route, scope, pauseMs }, 'Discord asks for a pause');
    return !isWaitedFor;
  };
