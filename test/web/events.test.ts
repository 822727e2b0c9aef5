import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import type { WebChat } from '../../src/bots/web/web-chat.ts';
import { line } from '../../src/model/message.ts';
import { readEvents } from '../support/event-reader.ts';
import { afterwards, openWebChat, outgoing, startWeb } from '../support/running-web.ts';
import { withButtons } from '../support/web-texts.ts';

async function start(settings: Parameters<typeof startWeb>[2] = {}) {
  const { chat, folder } = await openWebChat();
  const web = await startWeb(folder, chat, settings);
  const watch = async (headers: Record<string, string> = {}) => {
    const response = await web.ask('GET', '/api/events', undefined, headers);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    return readEvents(response);
  };
  return { ...web, watch };
}

test('what is posted, edited and clicked comes at once, as the API shows it', async () => {
  const { chat, ask, watch } = await start();
  const events = await watch();
  expect(await events.next()).toMatchObject({ event: 'hello', data: { resumed: false } });
  const ref = await chat.post(outgoing({ message: withButtons([line('⏳ running')], 'cancel') }));
  expect(await events.next()).toMatchObject({
    event: 'message',
    data: { change: 'added', message: { id: Number(ref), text: '⏳ running' } },
  });
  await chat.edit(ref, withButtons([line('✅ done')], 'retry'));
  expect((await events.next())?.data).toMatchObject({ change: 'edited', message: { text: '✅ done' } });
  await ask('POST', `/api/messages/${ref}/reactions`, { emoji: '🔁' });
  expect((await events.next())?.data).toMatchObject({
    change: 'reactions',
    message: { reactions: [{ emoji: '🔁', people: ['web:ada'] }] },
  });
});

test('who comes back with the last event’s id misses nothing', async () => {
  const { chat, watch } = await start();
  const before = await watch();
  await before.next();
  await chat.post(outgoing({ message: [line('one')] }));
  const last = await before.next();
  await before.cancel();
  await chat.post(outgoing({ message: [line('two')] }));
  const after = await watch({ 'last-event-id': last!.id });
  expect((await after.next())?.data).toEqual({ resumed: true });
  expect((await after.next())?.data.message.text).toBe('two');
});

test('a server without news gives signs of life', async () => {
  const { watch } = await start({ heartbeatMs: 10 });
  const events = await watch();
  await events.next();
  expect([await events.comment(), await events.comment()]).toEqual([': still here', ': still here']);
});

test('who is shut out sees nothing more: not the next message, and where there is none the end comes with the next beat', async () => {
  const { chat, tokens, watch } = await start();
  const events = await watch();
  await events.next();
  tokens.admit(['grace']);
  await chat.post(outgoing({ message: [line('for grace')] }));
  expect(await events.next()).toBeUndefined();

  const quiet = await start({ heartbeatMs: 10 });
  const waiting = await quiet.watch();
  await waiting.next();
  await waiting.comment();
  quiet.tokens.admit(['grace']);
  expect(await waiting.next()).toBeUndefined();
});

test('stopping ends the stream, and leaves nothing that listens', async () => {
  const { chat, watch, stop } = await start();
  const events = await watch();
  await events.next();
  await stop();
  expect(await events.next()).toBeUndefined();
  await chat.post(outgoing({ message: [line('unheard')] }));
});

/** Opens a stream of events and takes nothing from it. */
async function openStuckWatcher(url: string, token: string) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  afterwards(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(`GET /api/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

/** Counts how often a message is read to be sent. */
function countFinds(chat: WebChat) {
  let count = 0;
  const find: WebChat['find'] = (id) => {
    count += 1;
    return chat.find(id);
  };
  return { chat: { ...chat, find }, finds: () => count };
}

test('a watcher that takes nothing costs no more than what the connection holds', async () => {
  const opened = await openWebChat();
  const { chat, finds } = countFinds(opened.chat);
  const { url, token, ask } = await startWeb(opened.folder, chat);
  const watcher = readEvents(await ask('GET', '/api/events'));
  await watcher.next();
  await openStuckWatcher(url, token);

  const big = 'x'.repeat(100_000);
  const count = 150;
  for (let i = 0; i < count; i += 1) {
    await chat.post(outgoing({ message: [line(`${i} `, big)] }));
    // The other watcher goes on at full speed: the stuck one holds nobody up.
    expect((await watcher.next())?.data.message.text).toMatch(new RegExp(`^${i} `));
  }
  const forTheStuckOne = finds() - count;
  expect(forTheStuckOne).toBeGreaterThan(0);
  // Each is sent as markup and as text.
  expect(forTheStuckOne * big.length * 2).toBeLessThan(20_000_000);
});

test('a watcher that takes nothing for long is let go', async () => {
  const { chat, url, token, watch } = await start({ heartbeatMs: 10 });
  const socket = await openStuckWatcher(url, token);
  for (let i = 0; i < 150; i += 1) {
    await chat.post(outgoing({ message: [line(`${i} `, 'x'.repeat(100_000))] }));
    await nextTurn();
  }
  const other = await watch();
  await other.next();
  for (let beats = 0; beats < 10; beats += 1) await other.comment();
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'close');
  // Of the 30 MB it has got what its connection held.
  expect(socket.bytesRead).toBeLessThan(20_000_000);
});
