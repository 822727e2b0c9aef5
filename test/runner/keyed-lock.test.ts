import { expect, test } from 'vitest';

import { createKeyedLock } from '../../src/runner/keyed-lock.ts';

test('functions of one key run one after the other, others beside them', async () => {
  const lock = createKeyedLock();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const all = [
    lock('a', () => first.promise.then(() => told.push('first'))),
    lock('a', async () => told.push('second')),
    lock('b', async () => told.push('beside')).then(() => first.resolve()),
  ];
  await Promise.all(all);
  expect(told).toEqual(['beside', 'first', 'second']);
});

test('who gives up waiting is told at once, never runs, and lets nobody in before their turn', async () => {
  const lock = createKeyedLock();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const waiting = new AbortController();
  const running = lock('a', () => first.promise.then(() => told.push('first')));
  const impatient = lock('a', async () => told.push('never'), waiting.signal);
  waiting.abort(new Error('given up'));
  await expect(impatient).rejects.toThrow('given up');
  const last = lock('a', async () => told.push('last'));
  first.resolve();
  await Promise.all([running, last]);
  expect(told).toEqual(['first', 'last']);
});

test('who runs is waited for, though it was given up meanwhile', async () => {
  const lock = createKeyedLock();
  const giveUp = new AbortController();
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const running = lock('a', () => (begun.resolve(), end.promise), giveUp.signal);
  await begun.promise;
  giveUp.abort(new Error('given up'));
  end.resolve('ended');
  expect(await running).toBe('ended');
});
