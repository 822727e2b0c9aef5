import { ok, type Route } from '../call.ts';
import { gatewayUrl, type IdentifyLimit } from '../gateway-lines.ts';

export const gatewayRoutes = ({ identifyLimit }: { identifyLimit: IdentifyLimit }): Route[] => [
  { method: 'GET', path: '/gateway', isOpen: true, handle: ({ world }) => ok({ url: gatewayUrl(world) }) },
  {
    method: 'GET',
    path: '/gateway/bot',
    handle: ({ world }) =>
      ok({
        url: gatewayUrl(world),
        shards: 1,
        session_start_limit: {
          total: identifyLimit.total,
          remaining: Math.max(identifyLimit.remaining, 0),
          reset_after: identifyLimit.resetAfterMs,
          max_concurrency: 1,
        },
      }),
  },
];
