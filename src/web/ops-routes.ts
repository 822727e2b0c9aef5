import { createHash, timingSafeEqual } from 'node:crypto';

import { type Context, Hono } from 'hono';

import type { AppEnv } from './app-env.ts';
import { HttpProblem } from './http-problem.ts';
import type { WebDesk } from './web-desk.ts';

export interface OpsRoutesOptions {
  desk: Pick<WebDesk, 'health' | 'lookReady'>;
  /** What Prometheus reads. */
  metrics: { contentType: string; render(): Promise<string> };
  /** Lets a scraper in from anywhere. */
  metricsToken?: string | undefined;
  /** The configured outside address: with one, a proxy on this machine may ask in the name of anybody. */
  url?: string | undefined;
  onFault: (error: unknown, where: string) => string;
}

/** For who watches over nightdesk: does the process answer, can it do its work, and how does it go? */
export function createOpsRoutes({ desk, metrics, metricsToken, url, onFault }: OpsRoutesOptions) {
  return new Hono<AppEnv>()
    .get('/healthz', (c) => {
      try {
        return c.json({ status: 'ok', ...desk.health() });
      } catch (error) {
        onFault(error, 'reading the store');
        return c.json({ status: 'failing', store: "can't be read" }, 503);
      }
    })
    .get('/readyz', async (c) => {
      const parts = await desk.lookReady();
      const isReady = Object.values(parts).every(({ isOk }) => isOk);
      return c.json({ status: isReady ? 'ready' : 'not ready', parts }, isReady ? 200 : 503);
    })
    .get('/metrics', async (c) => {
      if (!isScraper(c, metricsToken) && (url !== undefined || !isFromHere(c))) {
        c.header('WWW-Authenticate', 'Bearer');
        throw new HttpProblem(
          401,
          'Metrics are for this machine, and for who sends the value of NIGHTDESK_METRICS_TOKEN as a bearer token: docs/operations.md.',
        );
      }
      const text = await metrics.render();
      return c.body(text, 200, { 'Content-Type': metrics.contentType });
    });
}

/** Whether the asker has the token for the metrics: what a page that was led here can't know. */
export function isScraper(c: Context<AppEnv>, wanted: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  return wanted !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(wanted));
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** Asked for by a program on this machine, as far as that can be told: a proxy here passes on what others ask. */
function isFromHere(c: Context<AppEnv>): boolean {
  const address = c.env.incoming.socket.remoteAddress ?? '';
  const isLoopback = /^(?:::ffff:)?127\.|^::1$/.test(address);
  const site = c.req.header('sec-fetch-site');
  const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  return isLoopback && !isOtherSite && forwarded.every((name) => c.req.header(name) === undefined);
}
