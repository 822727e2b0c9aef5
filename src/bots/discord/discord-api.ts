import type { RawFile, RouteLike } from 'discord.js';
import type { Logger } from 'pino';

import { createRest } from './create-rest.ts';
import { handOnPauses } from './hand-on-pauses.ts';
import { makeRequest } from './make-request.ts';

/** A file to send. */
export type DiscordFile = Pick<RawFile, 'name'> & { data: Buffer };

/** Discord's HTTP API, as far as what goes out needs it. Errors are the SDK's; `toChatError` says what they mean. */
export interface DiscordApi {
  get<T>(route: RouteLike, query?: Record<string, string>): Promise<T>;
  post<T>(route: RouteLike, body: object, files?: readonly DiscordFile[]): Promise<T>;
  patch<T>(route: RouteLike, body: object): Promise<T>;
  put(route: RouteLike): Promise<void>;
  delete(route: RouteLike): Promise<void>;
  /** Ends the timers of the SDK's books. */
  stop(): void;
}

export interface DiscordApiOptions {
  token: string;
  /** Where the API is, without its version: `https://discord.com/api`. */
  restUrl: string;
  log: Logger;
}

/** A request that has no answer by then is doubtful. */
const timeoutMs = 30_000;
const uploadTimeoutMs = 120_000;
/** Longer waits are the outbox's: it goes on with other channels, and counts no failure. */
const maxWaitMs = 3_000;

/**
 * Its own client beside the gateway's: what is sent here is never sent again by the SDK, since the outbox looks first, and a
 * longer rate limit is handed to the outbox instead of waited for. The SDK keeps a queue for each channel, so that a hot one
 * holds up no other.
 */
export function createDiscordApi({ token, restUrl, log }: DiscordApiOptions): DiscordApi {
  const rest = createRest({
    api: restUrl,
    retries: 0,
    makeRequest,
    // The signal of each request ends it; the SDK's own limit does not hold for an answer's body.
    timeout: uploadTimeoutMs,
    rejectOnRateLimit: handOnPauses({ maxWaitMs, log }),
  }).setToken(token);
  const request = async <T>(send: (signal: AbortSignal) => Promise<unknown>, limitMs = timeoutMs): Promise<T> =>
    (await send(AbortSignal.timeout(limitMs))) as T;
  return {
    get: (route, query) =>
      request((signal) => rest.get(route, { signal, ...(query && { query: new URLSearchParams(query) }) })),
    post: (route, body, files = []) =>
      request(
        (signal) => rest.post(route, { signal, body, ...(files.length > 0 && { files: [...files] }) }),
        files.length > 0 ? uploadTimeoutMs : timeoutMs,
      ),
    patch: (route, body) => request((signal) => rest.patch(route, { signal, body })),
    put: (route) => request((signal) => rest.put(route, { signal })),
    delete: (route) => request((signal) => rest.delete(route, { signal })),
    stop() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}
