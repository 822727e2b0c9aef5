import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { beforeEach, expect, onTestFinished, test } from 'vitest';

import { openDatabase } from '../../../src/db/open-database.ts';
import { createStore } from '../../../src/db/store.ts';
import { makeDoctorPlace, type DoctorPlace } from './doctor-place.ts';

let place: DoctorPlace;
beforeEach(() => {
  place = makeDoctorPlace();
});

async function listen(status: number): Promise<number> {
  const server: Server = createServer((_, response) => response.writeHead(status).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

const leaveWord = (port: number): void =>
  writeFileSync(join(place.data, 'bot.json'), JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: 1 }), {
    mode: 0o600,
  });

test.each([
  [200, 'ok', /^it runs, and answers/],
  [503, 'fault', /not well \(status 503\)/],
])('a bot that answers with %d', async (status, state, said) => {
  leaveWord(await listen(status));
  expect(await place.of('bot')).toMatchObject([{ state, said: expect.stringMatching(said) }]);
});

test('a bot that was killed left word, and is started again', async () => {
  leaveWord(1);
  expect(await place.of('bot')).toMatchObject([{ state: 'warning', toDo: 'start it: nightdesk start' }]);
});

test('a port that another program has is a fault', async () => {
  const port = await listen(200);
  place.write({ web: { port } });
  expect(await place.of('bot')).toMatchObject([
    { state: 'fault', said: `port ${port} of 127.0.0.1 is taken by another program` },
  ]);
});

test('messages that could not be delivered are told with their channel and the last error', async () => {
  const now = new Date('2026-11-22T08:00:00Z');
  const db = openDatabase(join(place.data, 'nightdesk.db'));
  const { change } = createStore(db);
  change(({ outbox }) => {
    for (const key of ['a', 'b']) outbox.post({ key, channel: 'slack:C1', body: [] }, now);
    outbox.failed('message', 'a', 'channel_not_found', new Date('2026-11-22T09:10:00Z'));
    outbox.post({ key: 'c', channel: 'web:general', body: [] }, now);
    outbox.post({ key: 'd', channel: 'web:done', body: [] }, now);
    outbox.messageDelivered('d', '1', now);
  });
  const texts = async () => (await place.of('messages')).map(({ state, said }) => [state, said]);
  expect(await texts()).toEqual([
    ['warning', '2 wait for slack:C1 after 1 failed try: channel_not_found; the next try is in 10 min'],
    ['ok', '1 waits for web:general, to be sent by the bot'],
  ]);
  change(({ outbox }) => {
    for (const key of ['a', 'b', 'c']) outbox.messageDelivered(key, '1', now);
  });
  db.$client.close();
  expect(await texts()).toEqual([['ok', 'all are delivered']]);
});
