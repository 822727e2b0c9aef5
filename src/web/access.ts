import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';

import type { AppEnv } from './app-env.ts';
import type { HostRules } from './host-rules.ts';
import { HttpProblem } from './http-problem.ts';
import type { Tokens } from './tokens.ts';

/** Refuses requests that were meant for another host, or that another site's page sent. */
export const requireOurHost = (rules: () => HostRules) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const host = c.req.header('host');
    if (!rules().isOurHost(host)) {
      throw new HttpProblem(
        403,
        `This server is not ${host ?? 'without a name'}; it is ${rules().hosts.join(', ')}. An outside address is set by web.url in the configuration.`,
      );
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && !rules().isOurOrigin(origin)) {
      throw new HttpProblem(403, `Requests from pages of ${origin} are refused.`);
    }
    await next();
  });

/**
 * Lets in who has a bearer token, or the cookie that a token link left. A cookie goes along with requests that other sites'
 * pages on the same host cause, and not all of those have an `Origin`: browsers tell of them by `Sec-Fetch-Site`.
 */
export const requireToken = (tokens: Tokens, cookieName: () => string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const site = c.req.header('sec-fetch-site');
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new HttpProblem(403, 'Requests from pages of other sites are refused.');
    }
    const authorization = c.req.header('authorization');
    const token =
      authorization === undefined ? getCookie(c, cookieName()) : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const name = token === undefined ? undefined : tokens.personOf(token);
    if (name === undefined) {
      c.header('WWW-Authenticate', 'Bearer');
      throw new HttpProblem(
        401,
        'A token is needed: open the link that nightdesk printed at start, or send it as a bearer token.',
      );
    }
    c.set('person', `web:${name}`);
    c.set('isLetIn', () => token !== undefined && tokens.personOf(token) === name);
    await next();
  });
