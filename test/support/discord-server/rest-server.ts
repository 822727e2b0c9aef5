import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { ApiFault, apiFault } from './api-fault.ts';
import { asJson, type Answer, type Route } from './call.ts';
import { createRateLimiter, refused, type Pass, type RateLimits } from './rate-limits.ts';
import { readBody, type Upload } from './read-body.ts';
import { matchRoute } from './match-route.ts';
import type { createTroubles, Trouble } from './trouble.ts';
import type { World } from './world.ts';

/** A request that arrived, for tests. */
export interface RestRequest {
  method: string;
  /** `/channels/1/messages` */
  path: string;
  /** `POST /channels/:channel/messages` */
  name: string;
  json: unknown;
  uploads: Upload[];
  /** What it was answered; undefined while it waits. */
  status?: number;
}

interface Options {
  world: World;
  routes: readonly Route[];
  limits: RateLimits;
  troubles: ReturnType<typeof createTroubles>;
  requests: RestRequest[];
  /** When a request arrives, and when it is answered. */
  onChange: () => void;
}

const prefix = /^\/api(?:\/v10)?(?=\/)/;

/** Answers requests to `/api/v10/…` and for attachments. */
export function createRestServer({ world, routes, limits, troubles, requests, onChange }: Options) {
  const pass = createRateLimiter(limits);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    if (url.pathname.startsWith('/attachments/')) return sendFile(world, url.pathname, response);
    if (!prefix.test(url.pathname)) throw apiFault('notFound');
    const path = url.pathname.replace(prefix, '');
    const { json, uploads } = await readBody(request);
    const { route, params } = matchRoute(routes, method, path);
    const name = `${method} ${route.path}`;
    const record: RestRequest = { method, path, name, json, uploads };
    requests.push(record);
    onChange();
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      record.status = status;
      send(response, status, body, headers);
    };
    try {
      const trouble = await meet(troubles.take(name, { path, json }));
      if (trouble?.kind === 'drop-request') return void request.socket.destroy();
      if (trouble?.kind === 'status')
        return answer(trouble.status, trouble.body ?? { message: `${trouble.status}`, code: 0 });
      if (trouble?.kind === 'rate-limit')
        return limited(answer, refused(trouble.retryAfterMs, trouble.isGlobal ?? false, {}));
      if (!route.isOpen && request.headers.authorization !== `Bot ${world.token}`) throw apiFault('unauthorized');
      const passed = pass(method, route.path, majorsOf(params), !route.isOpen);
      if (passed.refusal) return limited(answer, passed);
      const { status, body }: Answer = await route.handle({
        world,
        params,
        query: url.searchParams,
        json,
        body: asJson(json),
        uploads,
      });
      if (trouble?.kind === 'drop-answer') return void request.socket.destroy();
      answer(status, body, passed.headers);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      answer(error.status, error.body);
    } finally {
      onChange();
    }
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof ApiFault) return send(response, error.status, error.body, {});
      // A fault of this server: a test has to see it.
      send(response, 500, { message: String(error), code: 0, stack: error instanceof Error ? error.stack : '' }, {});
    });
  };
}

async function meet(trouble: Trouble['what'] | undefined): Promise<Trouble['what'] | undefined> {
  if (trouble?.kind === 'slow') await pause(trouble.ms);
  if (trouble?.kind === 'wait') await trouble.until;
  return trouble;
}

function limited(answer: (status: number, body: unknown, headers: Record<string, string>) => void, pass: Pass): void {
  answer(429, pass.refusal, pass.headers);
}

const majorsOf = ({ channel, guild, token }: Record<string, string>): string => [channel, guild, token].join(' ');

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string>): void {
  if (response.headersSent) return;
  if (body === undefined) return void response.writeHead(status, headers).end();
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** What a person gets who clicks on an attachment. */
function sendFile(world: World, path: string, response: ServerResponse): void {
  const file = world.files.get(path.split('/')[3] ?? '');
  if (!file) return void response.writeHead(404).end();
  response.writeHead(200).end(file);
}
