import { expect, test } from 'vitest';

import { createEventFeed } from '../../src/web/event-feed.ts';
import { readEvents } from '../support/event-reader.ts';
import { afterwards } from '../support/running-web.ts';

function openFeed(given: { historyLength?: number; maxClients?: number; heartbeatMs?: number } = {}) {
  let renders = 0;
  const faults: unknown[] = [];
  const disk = { isBroken: false };
  const feed = createEventFeed({
    epoch: 'e1',
    render(message) {
      renders += 1;
      if (disk.isBroken) throw new Error('disk I/O error');
      return message < 0 ? undefined : { id: message };
    },
    onFault: (error) => faults.push(error),
    heartbeatMs: 60_000,
    historyLength: 10,
    maxClients: 10,
    ...given,
  });
  afterwards(() => feed.stop());
  const watch = (lastEventId?: string) => {
    const stream = feed.connect({ lastEventId, isLetIn: () => true, drop: () => {} });
    if (stream === undefined) throw new Error('refused');
    return readEvents(new Response(stream));
  };
  return { feed, watch, renders: () => renders, faults, disk };
}

test('a watcher gets what happens from then on, in order', async () => {
  const { feed, watch } = openFeed();
  feed.publish('added', 1);
  const events = watch();
  feed.publish('edited', 1);
  feed.publish('added', 2);
  expect(await events.next()).toEqual({ id: 'e1-1', event: 'hello', data: { resumed: false } });
  expect(await events.next()).toEqual({ id: 'e1-2', event: 'message', data: { change: 'edited', message: { id: 1 } } });
  expect(await events.next()).toEqual({ id: 'e1-3', event: 'message', data: { change: 'added', message: { id: 2 } } });
});

test('a watcher that was away gets what it missed', async () => {
  const { feed, watch } = openFeed();
  for (const message of [1, 2, 3]) feed.publish('added', message);
  const events = watch('e1-1');
  expect(await events.next()).toEqual({ id: 'e1-1', event: 'hello', data: { resumed: true } });
  expect((await events.next())?.data.message.id).toBe(2);
  expect((await events.next())?.id).toBe('e1-3');
});

test('a watcher that missed nothing is told so', async () => {
  const { feed, watch } = openFeed();
  feed.publish('added', 1);
  expect(await watch('e1-1').next()).toEqual({ id: 'e1-1', event: 'hello', data: { resumed: true } });
});

test.each([
  ['of another life of the server', 'e0-20'],
  ['too long ago', 'e1-9'],
  ['from the future', 'e1-21'],
  ['made up', 'what'],
  ['empty', ''],
])('a last event %s means to load everything again', async (_, lastEventId) => {
  const { feed, watch } = openFeed();
  for (let message = 1; message <= 20; message += 1) feed.publish('added', message);
  expect(await watch(lastEventId).next()).toEqual({ id: 'e1-20', event: 'hello', data: { resumed: false } });
});

test('a slow watcher gets a message that changed often once, as it is now, and as new where it was', async () => {
  const { feed, watch, renders } = openFeed();
  const events = watch();
  feed.publish('added', 1);
  for (let times = 0; times < 5000; times += 1) feed.publish('edited', 1);
  expect(renders(), 'nothing is rendered for who does not read').toBeLessThanOrEqual(2);
  feed.publish('added', 2);
  await events.next();
  const kinds = [];
  for (let event = await events.next(); event?.data.message.id !== 2; event = await events.next()) {
    kinds.push(event?.data.change);
  }
  expect(kinds[0]).toBe('added');
  expect(kinds.length).toBeLessThanOrEqual(2);
});

test('a slow watcher that missed too many messages is told to load again', async () => {
  const { feed, watch, renders } = openFeed();
  const events = watch();
  for (let message = 1; message <= 10_000; message += 1) feed.publish('added', message);
  expect(renders()).toBeLessThanOrEqual(2);
  const hellos = [];
  for (let event = await events.next(); hellos.length < 2; event = await events.next()) {
    if (event?.event === 'hello') hellos.push(event.data);
  }
  expect(hellos).toEqual([{ resumed: false }, { resumed: false }]);
});

test('a message that is gone when its turn comes is passed over', async () => {
  const { feed, watch } = openFeed();
  const events = watch();
  await events.next();
  feed.publish('added', -1);
  feed.publish('added', 2);
  expect((await events.next())?.data.message.id).toBe(2);
});

test.each([
  ['waits for news', true],
  ['is behind', false],
])('what can not be read fails nobody who posts, and a watcher who %s comes again for it', async (_, isWaiting) => {
  const { feed, watch, faults, disk } = openFeed({ maxClients: 1, heartbeatMs: 5 });
  const events = watch();
  await events.next();
  disk.isBroken = true;
  const waited = isWaiting ? events.next() : undefined;
  feed.publish('added', 1);
  expect(await (waited ?? events.next())).toBeUndefined();
  expect(faults).toEqual([new Error('disk I/O error')]);
  disk.isBroken = false;
  const again = watch('e1-0');
  expect((await again.next())?.data).toEqual({ resumed: true });
  expect((await again.next())?.data.message).toEqual({ id: 1 });
  // The heart beats on without the one who has gone.
  await again.comment();
});

test('more watchers than allowed are refused until one has gone', async () => {
  const { watch } = openFeed({ maxClients: 1 });
  const first = watch();
  expect(() => watch()).toThrow('refused');
  await first.cancel();
  expect(await watch().next()).toMatchObject({ event: 'hello' });
});

test('the end of the feed ends every watcher', async () => {
  const { feed, watch } = openFeed();
  const watchers = [watch(), watch()];
  for (const events of watchers) await events.next();
  feed.stop();
  for (const events of watchers) expect(await events.next()).toBeUndefined();
});
