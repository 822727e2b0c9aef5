import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that is done in a seed and seen of it, a line each, with the milliseconds since its start. */
export interface Trace {
  note(what: string, facts?: Record<string, unknown>): void;
}

export function createTrace(folder: string): Trace {
  const startedMs = performance.now();
  return {
    note: (what, facts = {}) =>
      appendFileSync(
        join(folder, 'trace.jsonl'),
        `${JSON.stringify({ ms: Math.round(performance.now() - startedMs), what, ...facts })}\n`,
      ),
  };
}
