import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { afterwards, openWebChat, startWeb } from '../support/running-web.ts';

async function start(settings: Parameters<typeof startWeb>[2] = {}) {
  const { chat, folder } = await openWebChat();
  const web = await startWeb(folder, chat, settings);
  const { hostname, port, host } = new URL(web.url);
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    afterwards(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { ...web, host, open, head: `Host: ${host}\r\nAuthorization: Bearer ${web.token}\r\n` };
}

test('a head that never ends is given up', async () => {
  const { open, head, url } = await start({ requestWithinMs: 100 });
  const socket = await open();
  socket.write(`GET /api/me HTTP/1.1\r\n${head}`);
  expect(await text(socket)).toContain('408 Request Timeout');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('a body that never comes is given up, and is no fault', async () => {
  const { open, head, faults, url } = await start({ requestWithinMs: 100 });
  const socket = await open();
  socket.write(
    `POST /api/command HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"ch`,
  );
  await text(socket);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(faults).toEqual([]);
});

test('who goes away in the middle of a body is no fault', async () => {
  const { open, head, faults, ask } = await start();
  const socket = await open();
  socket.write(
    `POST /api/command HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"ch`,
  );
  await nextTurn();
  socket.destroy();
  // Answered behind it.
  for (let turn = 0; turn < 20; turn += 1) await ask('GET', '/api/me');
  expect(faults).toEqual([]);
});

test('a body that says less than it sends, or more than is taken, is refused', async () => {
  const { open, head } = await start();
  const long = await open();
  long.write(
    `POST /api/command HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{}`,
  );
  const [first] = (await once(long, 'data')) as [Buffer];
  expect(first.toString()).toContain(' 413 ');
  const chunked = await open();
  chunked.write(
    `POST /api/command HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const part = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  for (let sent = 0; sent < 32 && chunked.writable; sent += 1) chunked.write(part);
  const [second] = (await once(chunked, 'data')) as [Buffer];
  expect(second.toString()).toContain(' 413 ');
});

test.each([
  ['one long header', `X-Long: ${'x'.repeat(100_000)}\r\n`],
  ['ten thousand headers', Array.from({ length: 10_000 }, (_, at) => `X-${at}: 1\r\n`).join('')],
  ['a long cookie', `Cookie: ${'a=b; '.repeat(20_000)}\r\n`],
])('a flood of headers is refused: %s', async (_, headers) => {
  const { open, head, url } = await start();
  const socket = await open();
  socket.write(`GET /api/me HTTP/1.1\r\n${head}${headers}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain(' 431 ');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test.each([
  'GET / HTTP/9.9\r\n\r\n',
  'nothing that HTTP knows\r\n\r\n',
  '\0\0\0\0\r\n\r\n',
  'GET /\r\n/ HTTP/1.1\r\n\r\n',
  'POST /api/command HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
])('what is no request is refused: %j', async (garbage) => {
  const { open, url, faults } = await start();
  const socket = await open();
  socket.end(garbage);
  expect(await text(socket)).toMatch(/^HTTP\/1.1 (?:4\d\d|505) /);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(faults).toEqual([]);
});

test('of many who watch the first 200 are served, the others are told, and who leaves makes room', async () => {
  const { ask } = await start();
  const watching = await Promise.all(Array.from({ length: 200 }, () => ask('GET', '/api/events')));
  expect(watching.every(({ status }) => status === 200)).toBe(true);
  const more = await Promise.all(Array.from({ length: 20 }, () => ask('GET', '/api/events')));
  expect(more.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 503));
  await watching[0]?.body?.cancel();
  await expect
    .poll(async () => {
      const response = await ask('GET', '/api/events');
      afterwards(() => response.body?.cancel());
      return response.status;
    })
    .toBe(200);
  for (const response of watching.slice(1)) await response.body?.cancel();
});

test('requests that are refused leave no memory behind', async () => {
  const { ask, url } = await start();
  const body = JSON.stringify({ channel: 'general', text: 'x'.repeat(900_000), more: true });
  const round = async (count: number): Promise<number> => {
    for (let sent = 0; sent < count; sent += 1) {
      await (await ask('POST', '/api/command', body)).text();
      await (await ask('GET', `/api/runs/${'9'.repeat(5_000)}`)).text();
    }
    return process.memoryUsage().rss;
  };
  const before = await round(40);
  const after = await round(80);
  // 72 MB more were sent, by a client in this process.
  expect(after - before).toBeLessThan(60 * 1024 * 1024);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
