export interface RateLimit {
  limit: number;
  windowMs: number;
}

export interface RateLimits {
  /** For one method and path, with the channel, guild or webhook in it. */
  route: (method: string, template: string) => RateLimit;
  /** Of all requests that carry the bot's token. */
  global: RateLimit;
}

const hardlyAny: RateLimit = { limit: 10_000, windowMs: 1000 };

/** What tests get that are not about limits. */
export const generousLimits: RateLimits = { route: () => hardlyAny, global: hardlyAny };

/** About what Discord has: it publishes only the global limit, and the rest in headers. */
export const strictLimits: RateLimits = {
  global: { limit: 50, windowMs: 1000 },
  route(method, template) {
    if (template.includes('/reactions')) return { limit: 1, windowMs: 250 };
    if (template === '/channels/:channel/messages' && method === 'POST') return { limit: 5, windowMs: 5000 };
    if (template === '/channels/:channel/messages/:message' && method === 'PATCH') return { limit: 5, windowMs: 5000 };
    return { limit: 10, windowMs: 2000 };
  },
};

export interface Pass {
  headers: Record<string, string>;
  /** What to answer with 429, where the limit is reached. */
  refusal?: { message: string; retry_after: number; global: boolean } | undefined;
}

/** Counts requests in fixed windows of real time, whatever the clock shows: a client waits by that. */
export function createRateLimiter(limits: RateLimits) {
  const windows = new Map<string, { used: number; endsAt: number }>();

  function count(key: string, { limit, windowMs }: RateLimit, now: number) {
    const known = windows.get(key);
    const window = known && known.endsAt > now ? known : { used: 0, endsAt: now + windowMs };
    windows.set(key, window);
    const isOver = window.used >= limit;
    if (!isOver) window.used += 1;
    return { isOver, remaining: limit - window.used, endsAt: window.endsAt };
  }

  /** `majors` are the ids that have a bucket of their own: channel, guild, webhook. */
  return function pass(method: string, template: string, majors: string, isGlobal: boolean): Pass {
    const now = performance.timeOrigin + performance.now();
    const limit = limits.route(method, template);
    if (isGlobal) {
      const all = count('global', limits.global, now);
      if (all.isOver) return refused(all.endsAt - now, true, {});
    }
    const one = count(`${method} ${template} ${majors}`, limit, now);
    const headers = {
      'x-ratelimit-limit': String(limit.limit),
      'x-ratelimit-remaining': String(one.remaining),
      'x-ratelimit-reset': String(one.endsAt / 1000),
      'x-ratelimit-reset-after': String((one.endsAt - now) / 1000),
      'x-ratelimit-bucket': Buffer.from(`${method} ${template}`).toString('hex').slice(0, 32),
    };
    return one.isOver ? refused(one.endsAt - now, false, headers) : { headers };
  };
}

/** How a 429 is told: https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit */
export function refused(waitMs: number, isGlobal: boolean, headers: Record<string, string>): Pass {
  const seconds = waitMs / 1000;
  return {
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': isGlobal ? 'global' : 'user',
      ...(isGlobal && { 'x-ratelimit-global': 'true' }),
      ...(!isGlobal && { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': String(seconds) }),
    },
    refusal: { message: 'You are being rate limited.', retry_after: seconds, global: isGlobal },
  };
}
