import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { FaultRules } from './faults.ts';
import { readAsked } from './read-args.ts';
import { receiveUpload } from './receive-upload.ts';
import { serveMethod, type MethodServer } from './serve-method.ts';
import { useResponseUrl } from './use-response-url.ts';

/** Everything that is asked over HTTP: methods, uploads, and the URLs that acts can be answered at. */
export async function serveHttp(
  server: MethodServer,
  faults: FaultRules,
  request: IncomingMessage,
  response: ServerResponse,
  closed: AbortSignal,
): Promise<void> {
  if (faults.isNetworkCut()) return void request.socket.destroy();
  const asked = await readAsked(request);
  const method = asked.path.startsWith('/api/') ? asked.path.slice('/api/'.length) : (asked.path.split('/')[1] ?? '');
  const delay = faults.delayOf(method);
  if (delay > 0) await pause(delay, undefined, { signal: closed });
  const verdict = faults.judge(method, asked.args);
  switch (verdict.kind) {
    case 'limited':
      server.calls.push({
        method,
        args: asked.args,
        at: server.world.now(),
        answer: { ok: false, error: 'ratelimited' },
      });
      server.world.signal.touch();
      return void response
        .writeHead(429, { 'retry-after': String(verdict.retryAfter), 'content-type': 'application/json' })
        .end(JSON.stringify({ ok: false, error: 'ratelimited' }));
    case 'broken':
      return void response.writeHead(verdict.status, { 'content-type': 'text/html' }).end('<html>upstream</html>');
    case 'dropped':
      if (!verdict.isStored) return void request.socket.destroy();
      break;
    case 'serve':
    case 'refused':
      break;
  }
  if (asked.path.startsWith('/api/')) return serveMethod(server, method, asked, verdict, response);
  const { status, body } = asked.path.startsWith('/upload/')
    ? receiveUpload(server.world, asked)
    : useResponseUrl(server.world, asked);
  server.world.signal.touch();
  if (verdict.kind === 'dropped') response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}
