import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { createHttpLink } from '../../../src/bots/slack/http-link.ts';
import type { Link } from '../../../src/bots/slack/sockets.ts';
import { silentSlackLog } from '../../support/silent-slack-log.ts';

let link: Link;
let port: number;

async function listen(requestWithinMs?: number): Promise<void> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  ({ port } = free.address() as AddressInfo);
  await new Promise((resolve) => free.close(resolve));
  link = createHttpLink({
    signingSecret: 'secret',
    host: '127.0.0.1',
    port,
    path: '/slack/events',
    boltLog: silentSlackLog,
    onConnected: () => {},
    requestWithinMs,
  });
  await link.run({ processEvent: () => expect.unreachable('Nobody signed anything.') });
}
afterEach(() => link.stop());

test('a request that does not go on arriving is given up', async () => {
  await listen(100);
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  socket.write('POST /slack/events HTTP/1.1\r\nhost: desk.example\r\ncontent-length: 1000\r\n\r\n{');
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('a request that is larger than any of Slack’s is refused before it is read', async () => {
  await listen();
  const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    body: 'x'.repeat(1024 * 1024 + 1),
  });
  expect(answer.status).toBe(413);
});
