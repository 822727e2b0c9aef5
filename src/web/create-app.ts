import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';

import { UserError } from '../model/user-error.ts';
import { requireOurHost, requireToken } from './access.ts';
import type { AppEnv } from './app-env.ts';
import { createChatRoutes, type ChatRoutesOptions } from './chat-routes.ts';
import type { EventFeed } from './event-feed.ts';
import type { HostRules } from './host-rules.ts';
import { HttpProblem } from './http-problem.ts';
import { createActionRoutes } from './action-routes.ts';
import { createFormRoutes, type FormRoutesOptions } from './form-routes.ts';
import { createJobRoutes } from './job-routes.ts';
import { createOpsRoutes, isScraper, type OpsRoutesOptions } from './ops-routes.ts';
import { createPageRoutes, type PageRoutesOptions } from './page-routes.ts';
import { createRunRoutes, type RunRoutesOptions } from './run-routes.ts';
import type { OnFault } from './send-parts.ts';
import { securityHeaders } from './security-headers.ts';
import type { WebDesk } from './web-desk.ts';

export interface AppOptions
  extends ChatRoutesOptions, FormRoutesOptions, OpsRoutesOptions, RunRoutesOptions, PageRoutesOptions {
  desk: WebDesk;
  url: string | undefined;
  feed: EventFeed;
  hostRules: () => HostRules;
  /** Logs a fault and returns its reference: whoever asked is told no more. */
  onFault: OnFault;
}

const maxBodyBytes = 1024 * 1024;

/** Everything that the server answers, as a Hono app. */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const { feed } = options;
  const app = new Hono<AppEnv>();
  app.onError((error, c) => {
    const { status, message, details } = toProblem(error, options.onFault);
    return c.json({ error: { message, ...details } }, status);
  });
  app.notFound((c) => c.json({ error: { message: 'There is nothing here.' } }, 404));
  app.use(securityHeaders);
  const ourHost = requireOurHost(options.hostRules);
  // Prometheus asks by the name that its network has for this machine.
  app.use(async (c, next) => {
    const isLetIn = c.req.path === '/metrics' && isScraper(c, options.metricsToken);
    return isLetIn ? next() : ourHost(c, next);
  });
  app.use('/api/*', requireToken(options.tokens, options.cookieName));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(', ');
        return c.json({ error: { message: `Only ${allow} is answered here.` } }, 405, { Allow: allow });
      },
    }),
  );
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new HttpProblem(413, 'The body is larger than 1 MB.');
      },
    }),
  );
  app.route('/', createOpsRoutes(options));
  app.get('/api/events', (c) => {
    const head = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' };
    if (c.req.method === 'HEAD') return c.body(null, 200, head);
    const stream = feed.connect({
      // A page that was hidden opens a new stream, on which it can't set the header.
      lastEventId: c.req.header('last-event-id') ?? c.req.query('after'),
      isLetIn: c.get('isLetIn'),
      drop: () => void c.env.outgoing.destroy(),
    });
    if (stream === undefined) throw new HttpProblem(503, 'Too many are watching already.');
    return c.body(stream, 200, head);
  });
  app.get('/api/undelivered', (c) => c.json({ channels: options.desk.undelivered() }));
  app.route('/api', createChatRoutes(options));
  app.route('/api', createActionRoutes(options));
  app.route('/api', createFormRoutes(options));
  app.route('/api', createJobRoutes(options));
  app.route('/api', createRunRoutes(options));
  app.route('/', createPageRoutes(options));
  return app;
}

function toProblem(error: unknown, onFault: AppOptions['onFault']): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof UserError) return new HttpProblem(400, error.message);
  const reference = onFault(error, 'a request');
  return new HttpProblem(500, `Something went wrong here. The log has it as ${reference}.`, { reference });
}
