import type { Json } from './slack-types.ts';

/** What becomes of a call. */
export type Verdict =
  | { kind: 'serve' }
  | { kind: 'limited'; retryAfter: number }
  | { kind: 'broken'; status: number }
  /** With `isStored` the call had its effect all the same. */
  | { kind: 'refused'; error: string; isStored: boolean }
  /** The connection ends without an answer; with `isStored` after the call had its effect. */
  | { kind: 'dropped'; isStored: boolean };

interface Where {
  /** Without one, every method. */
  method?: string;
  channel?: string;
  /** How many calls it meets; without it, all until `clear`. */
  times?: number;
}

export interface Faults {
  /** Every answer takes this long. */
  slow(ms: number, method?: string): void;
  /** 429 with `Retry-After` in seconds. */
  rateLimit(where: Where & { retryAfter: number }): void;
  /** Slack's limit of posts a channel: on average `perSecond`, with short bursts. Off by default. */
  limitPace(pace: { perSecond: number; burst: number }): void;
  /** An answer with another HTTP status than 200. */
  breakDown(where: Where & { status: number }): void;
  /** An answer with `ok: false`; with `isStored` after the call had its effect. */
  refuse(where: Where & { error: string; isStored?: boolean }): void;
  /** The caller never learns what happened: it did (`isStored`, the default), or it didn't. */
  dropAnswer(where: Where & { isStored?: boolean }): void;
  /** No connection is taken and those that are there end. */
  cutNetwork(): void;
  mendNetwork(): void;
  isNetworkCut(): boolean;
  /** Ends all of it. */
  clear(): void;
}

export interface FaultRules extends Faults {
  delayOf(method: string): number;
  judge(method: string, args: Json): Verdict;
}

/** What a test does to the network and to Slack. `onCut` ends the connections that are there. */
export function createFaults(nowMs: () => number, onCut: () => void): FaultRules {
  let delays: { ms: number; method?: string | undefined }[] = [];
  let rules: { where: Where; left: number; verdict: Verdict }[] = [];
  let pace: { perSecond: number; burst: number } | undefined;
  let buckets = new Map<string, { tokens: number; at: number }>();
  let isCut = false;

  const add = (where: Where, verdict: Verdict): void => {
    rules.push({ where, left: where.times ?? Number.POSITIVE_INFINITY, verdict });
  };

  function takeFromBucket(channel: string): Verdict {
    if (pace === undefined) return { kind: 'serve' };
    const now = nowMs();
    const bucket = buckets.get(channel) ?? { tokens: pace.burst, at: now };
    bucket.tokens = Math.min(pace.burst, bucket.tokens + ((now - bucket.at) / 1000) * pace.perSecond);
    bucket.at = now;
    buckets.set(channel, bucket);
    if (bucket.tokens < 1) return { kind: 'limited', retryAfter: Math.ceil((1 - bucket.tokens) / pace.perSecond) };
    bucket.tokens -= 1;
    return { kind: 'serve' };
  }

  return {
    slow: (ms, method) => void delays.push({ ms, method }),
    rateLimit: ({ retryAfter, ...where }) => add(where, { kind: 'limited', retryAfter }),
    limitPace: (given) => void (pace = given),
    breakDown: ({ status, ...where }) => add(where, { kind: 'broken', status }),
    refuse: ({ error, isStored = false, ...where }) => add(where, { kind: 'refused', error, isStored }),
    dropAnswer: ({ isStored = true, ...where }) => add(where, { kind: 'dropped', isStored }),
    cutNetwork: () => {
      isCut = true;
      onCut();
    },
    mendNetwork: () => void (isCut = false),
    isNetworkCut: () => isCut,
    clear: () => {
      [delays, rules, pace, isCut] = [[], [], undefined, false];
      buckets = new Map();
    },
    delayOf: (method) =>
      delays.reduce((sum, one) => (one.method === undefined || one.method === method ? sum + one.ms : sum), 0),
    judge: (method, args) => {
      const channel = args['channel'] ?? args['channel_id'];
      const rule = rules.find(
        ({ where, left }) =>
          left > 0 && (where.method ?? method) === method && (where.channel === undefined || where.channel === channel),
      );
      if (rule !== undefined) {
        rule.left -= 1;
        return rule.verdict;
      }
      return method === 'chat.postMessage' ? takeFromBucket(String(channel)) : { kind: 'serve' };
    },
  };
}
