import type { Context } from 'hono';

import type { AppEnv } from './app-env.ts';

export type OnFault = (error: unknown, where: string) => string;

/**
 * Sends a body as its parts come. A fault behind the head can be no answer any more: it is logged, and the connection is cut, so
 * that nobody takes what came for all of it.
 */
export function sendParts(c: Context<AppEnv>, parts: AsyncIterable<Uint8Array>, onFault: OnFault): Response {
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield* parts;
    } catch (error) {
      onFault(error, 'sending a file');
      c.env.outgoing.destroy();
    }
  }
  return c.body(ReadableStream.from(whole()));
}
