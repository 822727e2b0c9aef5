import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, onTestFinished, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function clientOf(answer: RequestListener, patienceMs = 20_000) {
  server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return createApiClient(`http://127.0.0.1:${port}`, 'token', patienceMs);
}

async function read(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

test('a server that never answers, or never to the end, is given up', async () => {
  const silent = await clientOf(() => undefined, 200);
  await expect(silent.getJson('/')).rejects.toThrow(/has not answered for 0\.2 s\. `nightdesk doctor`/);
  await expect(read(silent.getText('/'))).rejects.toThrow(/has not answered for/);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const slow = await clientOf((_request, response) => void response.write('{'), 200);
  await expect(slow.getJson('/')).rejects.toThrow(/has not answered for/);
});

test('what is no JSON is not taken for an answer of the bot', async () => {
  const client = await clientOf((_request, response) => response.end('<html>'));
  await expect(client.postJson('/', {})).rejects.toThrow(/does not speak as this nightdesk does/);
});

/** How long `fetch` waits for the next part of a body; five minutes, unless it is told otherwise. */
function shortenFetch(bodyTimeout: number): void {
  const place = Symbol.for('undici.globalDispatcher.1');
  const all = globalThis as unknown as Record<symbol, { constructor: new (options: object) => object }>;
  const usual = all[place];
  if (usual === undefined) throw new Error('this Node has another fetch');
  Reflect.set(all, place, new usual.constructor({ bodyTimeout }));
  onTestFinished(() => void Reflect.set(all, place, usual));
}

test('a log may be silent for as long as its run is', async () => {
  let endLog = (): void => {};
  const client = await clientOf((request, response) => {
    response.write(`first line of ${request.url}\n`);
    if (request.url === '/log') endLog = () => void response.end('last line\n');
  });
  shortenFetch(10);
  const log = client.getText('/log')[Symbol.asyncIterator]();
  expect(await log.next()).toMatchObject({ value: 'first line of /log\n' });
  await expect(client.getJson('/json'), 'fetch gives up').rejects.toThrow(/No bot answers/);
  endLog();
  expect(await log.next()).toMatchObject({ value: 'last line\n' });
  expect(await log.next()).toMatchObject({ done: true });
});

test.each(['destroy', 'resetAndDestroy'] as const)('a log that breaks off says so (%s)', async (end) => {
  let cut = (): void => {};
  const client = await clientOf((_request, response) => {
    cut = () => void response.socket?.[end]();
    response.write('first line\n');
  });
  const log = client.getText('/')[Symbol.asyncIterator]();
  expect(await log.next()).toMatchObject({ value: 'first line\n' });
  cut();
  await expect(log.next()).rejects.toThrow(/was gone before the end/);
});

test('a bot that does not know the token is one that goes by another configuration', async () => {
  const client = await clientOf((_request, response) => {
    response.writeHead(401).end('{"error": {"message": "A token is needed: open the link that nightdesk printed."}}');
  });
  await expect(client.getJson('/')).rejects.toThrow(/does not let in the first of `web\.people`.*kill -HUP/);
});

test('a request that is too long is named', async () => {
  const client = await clientOf((_request, response) => response.end());
  await expect(client.getJson(`/${'x'.repeat(100_000)}`)).rejects.toThrow(/too long for a request/);
});
