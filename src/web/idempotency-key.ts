import type { Context } from 'hono';

const maxLength = 200;

/** What a sender names a request by: the same name again is the same request. */
export const idempotencyKey = ({ req }: Pick<Context, 'req'>): string | undefined =>
  req.header('idempotency-key')?.slice(0, maxLength);
