/** What goes wrong with requests, once or a number of times. */
export interface Trouble {
  /** `POST /channels/:channel/messages`; all requests where it is left out. */
  on?: string;
  /** How many of them; 1. */
  times?: number;
  /** Only requests for which this is true. */
  when?: (request: { path: string; json: unknown }) => boolean;
  what:
    /** Answers after a while. */
    | { kind: 'slow'; ms: number }
    /** Does nothing until `until` resolves. */
    | { kind: 'wait'; until: Promise<unknown> }
    | { kind: 'rate-limit'; retryAfterMs: number; isGlobal?: boolean }
    /** Answers with this status and does nothing. */
    | { kind: 'status'; status: number; body?: unknown }
    /** Does what was asked, and the connection breaks before the answer. */
    | { kind: 'drop-answer' }
    /** The connection breaks, and nothing is done. */
    | { kind: 'drop-request' };
}

export function createTroubles() {
  const waiting: (Trouble & { left: number })[] = [];
  return {
    add: (trouble: Trouble): void => void waiting.push({ ...trouble, left: trouble.times ?? 1 }),
    clear: (): void => void waiting.splice(0),
    /** The first that fits, which is used up by it. */
    take(name: string, request: { path: string; json: unknown }): Trouble['what'] | undefined {
      const found = waiting.find(
        ({ on, left, when }) => left > 0 && (on === undefined || on === name) && (!when || when(request)),
      );
      if (found) found.left -= 1;
      return found?.what;
    },
  };
}
