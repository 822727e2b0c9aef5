import { type Context, Hono } from 'hono';
import { setCookie } from 'hono/cookie';

import type { AppEnv } from './app-env.ts';
import { HttpProblem } from './http-problem.ts';
import { readPageAssets, type PageAsset } from './page-assets.ts';
import type { Tokens } from './tokens.ts';

export interface PageRoutesOptions {
  tokens: Tokens;
  cookieName: () => string;
  /** The configured outside address. */
  url: string | undefined;
}

/** Where somebody who signs in may be sent on to: places of the page, nothing else. */
const pagePath = /^\/(jobs|runs)(\/[^/\\]*)?$/;
const cookieAgeSeconds = 90 * 24 * 3600;

/**
 * The page and the token link. The page itself holds no secret and is shown to everybody who reaches it: a browser that comes
 * from a link elsewhere sends a strict cookie only with what the page asks for next.
 */
export function createPageRoutes({ tokens, cookieName, url }: PageRoutesOptions) {
  const assets = readPageAssets();
  const send = (c: Context<AppEnv>, name: string): Response => {
    const asset = assets.get(name);
    if (asset === undefined) throw new HttpProblem(404, 'There is nothing here.');
    return sendAsset(c, asset);
  };
  return new Hono<AppEnv>()
    .get('/', (c) => {
      const token = c.req.query('token')?.trim();
      if (token === undefined) return send(c, 'index.html');
      if (tokens.personOf(token) === undefined) {
        return c.text('This token is not known here. Open the link that nightdesk printed at its last start.', 401);
      }
      setCookie(c, cookieName(), token, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: cookieAgeSeconds,
        secure: url?.startsWith('https:') === true && c.req.header('host') === new URL(url).host,
      });
      const to = c.req.query('to');
      return c.redirect(to !== undefined && pagePath.test(to) ? to : '/', 303);
    })
    .get('/jobs', (c) => send(c, 'index.html'))
    .get('/jobs/:name', (c) => send(c, 'index.html'))
    .get('/runs', (c) => send(c, 'index.html'))
    .get('/runs/:id', (c) => send(c, 'index.html'))
    .get('/page/:name', (c) => send(c, c.req.param('name')));
}

function sendAsset(c: Context, { bytes, type, etag }: PageAsset): Response {
  c.header('Cache-Control', 'no-cache');
  c.header('ETag', etag);
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('Content-Type', type);
  return c.body(bytes);
}
