import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

import type { Json } from './slack-types.ts';

export interface Asked {
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  args: Json;
}

/** The arguments of a call, from its query, form, JSON or multipart body. */
export async function readAsked(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  const fromQuery = Object.fromEntries(url.searchParams);
  return {
    path: url.pathname,
    headers: request.headers,
    body,
    args: { ...fromQuery, ...(await readBody(type, body)) },
  };
}

async function readBody(type: string, body: Buffer): Promise<Json> {
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8') || '{}') as Json;
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const entries = [...form.entries()].map(async ([name, value]) => [
      name,
      typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer()),
    ]);
    return Object.fromEntries(await Promise.all(entries)) as Json;
  }
  return {};
}
