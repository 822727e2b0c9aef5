import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

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

test('a log that breaks off says so', async () => {
  const client = await clientOf((_request, response) => {
    response.write('first line\n', () => response.destroy());
  });
  await expect(read(client.getText('/'))).rejects.toThrow(/was gone before the end/);
});

test('a request that is too long is named', async () => {
  const client = await clientOf((_request, response) => response.end());
  await expect(client.getJson(`/${'x'.repeat(100_000)}`)).rejects.toThrow(/too long for a request/);
});
