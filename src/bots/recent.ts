import { BoundedMap } from './bounded-map.ts';
import { within } from './within.ts';

export interface Recent<T> {
  get(key: string): Promise<T | undefined>;
}

interface RecentOptions {
  /** `what Slack knows of`: for the log, in front of the key. */
  what: string;
  now: () => Date;
  onFault(error: unknown, where: string): void;
}

const freshMs = 60_000;
const usableMs = 15 * 60_000;
/** Who waits for an answer is not kept longer than this by a slow one. */
const patienceMs = 3_000;
const maxKept = 5_000;

/**
 * What `ask` says of a key, asked at most once a minute. Where it fails, or takes longer than anybody waits: what it said
 * last, for a quarter of an hour, else undefined.
 */
export function createRecent<T>(
  ask: (key: string) => Promise<T | undefined>,
  { what, now, onFault }: RecentOptions,
): Recent<T> {
  const known = new BoundedMap<string, { value: T; atMs: number }>(maxKept);
  const asking = new Map<string, Promise<void>>();

  async function refresh(key: string): Promise<void> {
    try {
      const value = await ask(key);
      if (value === undefined) return;
      known.set(key, { value, atMs: now().getTime() });
    } catch (error) {
      onFault(error, `${what} ${key}`);
    } finally {
      asking.delete(key);
    }
  }

  const knownFor = (key: string, ms: number): { value: T } | undefined => {
    const found = known.get(key);
    if (found === undefined) return undefined;
    const ageMs = now().getTime() - found.atMs;
    // Below zero the clock was set back, and how old it is is not known.
    return ageMs >= 0 && ageMs < ms ? found : undefined;
  };

  return {
    async get(key) {
      const fresh = knownFor(key, freshMs);
      if (fresh !== undefined) return fresh.value;
      const answer = asking.get(key) ?? refresh(key);
      asking.set(key, answer);
      await within(answer, patienceMs);
      return knownFor(key, usableMs)?.value;
    },
  };
}
