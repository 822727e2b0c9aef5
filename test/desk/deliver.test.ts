import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { ChatRefusal } from '../../src/bots/chat-refusal.ts';
import type { Chat, OutgoingMessage } from '../../src/bots/chat.ts';
import { createDeliver, type Deliver } from '../../src/desk/deliver.ts';
import { line } from '../../src/model/message.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

let fixture: DeskFixture;
let begin: () => Deliver;
let deliver: Deliver;
let posted: OutgoingMessage[];
let edits: string[];
let fail: (message: OutgoingMessage) => Error | undefined;
let faults: unknown[];
let at: number;
let onNow: () => void;

beforeEach(async () => {
  fixture = await startDesk({ runner: createFakeRunner() });
  // Its own deliveries would be in the way.
  await fixture.desk.stop();
  at = Date.parse('2026-11-23T08:00:00Z');
  [posted, edits, faults, fail, onNow] = [[], [], [], () => undefined, () => {}];
  const chat: Chat = {
    platform: 'test',
    start: async () => {},
    stop: async () => {},
    async post(message) {
      const error = fail(message);
      if (error !== undefined) throw error;
      posted.push(message);
      return `ref-${message.key}`;
    },
    async edit(ref, message) {
      edits.push(`${ref} ${JSON.stringify(message)}`);
    },
  };
  begin = () =>
    createDeliver({
      store: fixture.store,
      settings: fixture.settings,
      chats: new Map([['test', chat]]),
      now,
      onFault: (error) => void faults.push(error),
    });
  deliver = begin();
});
afterEach(async () => {
  await deliver.stop();
  await fixture.stop();
});

const now = (): Date => {
  onNow();
  return new Date(at);
};

const say = (key: string, channel = 'test:a', threadOf?: string) =>
  fixture.store.change((change) => change.outbox.post({ key, channel, threadOf, body: [line(key)] }, now()));
const show = (key: string, text: string, channel = 'test:a') =>
  fixture.store.change((change) => change.outbox.show({ key, channel, body: [line(text)] }, now()));

async function pass(ms = 0): Promise<void> {
  at += ms;
  deliver.wake();
  await deliver.idle();
}

const keys = (): string[] => posted.map((message) => message.key);

test('a channel gets what was written in its order, a thread after its first message', async () => {
  say('one');
  show('run:1', 'starting');
  say('two', 'test:a', 'run:1');
  say('three');
  await pass();
  expect(keys()).toEqual(['one', 'run:1', 'two', 'three']);
  expect(posted[2]?.thread).toBe('ref-run:1');
});

test('what fails is tried again with growing pauses, holds up what is behind it, and nobody else', async () => {
  let isDown = true;
  fail = (message) => (isDown && message.channel === 'test:a' ? new Error('network') : undefined);
  say('one');
  say('two');
  say('other', 'test:b');
  await pass();
  expect(keys()).toEqual(['other']);
  await pass(999);
  await pass(1);
  expect(faults).toHaveLength(2);
  isDown = false;
  await pass(1_999);
  expect(keys()).toEqual(['other']);
  await pass(1);
  expect(keys()).toEqual(['other', 'one', 'two']);
});

test('what fails for three days is tried every ten minutes at the latest, and comes through then', async () => {
  let tries = 0;
  fail = () => {
    tries += 1;
    return new Error('network');
  };
  say('one');
  say('two');
  for (let tens = 0; tens < 3 * 24 * 6; tens += 1) await pass(600_000);
  expect(tries).toBe(3 * 24 * 6);
  // The pause is as long as that.
  await pass(599_999);
  expect(tries).toBe(3 * 24 * 6);
  fail = () => undefined;
  await pass(1);
  expect(keys()).toEqual(['one', 'two']);
});

test('what is written while the last message of a channel is sent is sent at once, at whatever moment', async () => {
  const unsent: number[] = [];
  for (let moment = 0; moment < 8; moment += 1) {
    let calls = 0;
    let speaking: Promise<void> | undefined;
    // The delivery asks for the time before each look at the outbox, too.
    onNow = () => {
      if ((calls += 1) !== moment) return;
      speaking = Promise.resolve().then(() => {
        say(`second-${moment}`);
        deliver.wake();
      });
    };
    say(`first-${moment}`);
    await pass();
    await speaking;
    await deliver.idle();
    if (speaking !== undefined && !keys().includes(`second-${moment}`)) unsent.push(moment);
  }
  expect(keys().length).toBeGreaterThan(8 + 3);
  expect(unsent).toEqual([]);
});

test('everything else has a turn between two messages, also where a platform answers at once', async () => {
  let turn = 0;
  const spin = (): void => {
    turn += 1;
    spinning = setImmediate(spin);
  };
  let spinning = setImmediate(spin);
  onTestFinished(() => clearImmediate(spinning));
  const turns: number[] = [];
  fail = () => {
    turns.push(turn);
    return undefined;
  };
  for (let number = 0; number < 20; number += 1) say(`${number}`);
  await pass();
  expect(posted).toHaveLength(20);
  expect(new Set(turns).size).toBe(20);
});

test('a message that is edited often is edited once in three seconds, with the newest text', async () => {
  show('run:1', 'a');
  await pass();
  show('run:1', 'b');
  await pass(1_000);
  show('run:1', 'c');
  await pass(1_000);
  expect(edits).toEqual([]);
  await pass(1_000);
  expect(edits).toEqual(['ref-run:1 [{"kind":"line","content":["c"]}]']);
});

test('what a platform refuses for good holds up nothing, and goes to the channel where its thread is gone', async () => {
  fail = (message) => (message.thread === undefined ? undefined : new ChatRefusal('no such thread'));
  show('run:1', 'starting');
  say('result', 'test:a', 'run:1');
  say('next');
  await pass();
  expect(keys()).toEqual(['run:1', 'next', 'result:channel']);
  await pass(3_600_000);
  expect(posted).toHaveLength(3);
});

test.each([
  ['goes on', 1_000],
  ['was set back', -3_600_000],
])('what was written before a start may have come through, where the clock %s meanwhile', async (_how, ms) => {
  say('one');
  show('run:1', 'starting');
  await deliver.stop();
  at += ms;
  deliver = begin();
  say('two');
  await pass(3_600_000);
  expect(posted.map(({ key, isDoubtful }) => [key, isDoubtful])).toEqual([
    ['one', true],
    ['run:1', true],
    ['two', false],
  ]);
});

test('a store that fails while it records what was sent does not send it in a loop', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { change } = fixture.store;
    fixture.store.change = () => {
      throw new Error('disk full');
    };
    change((writers) => writers.outbox.post({ key: 'one', channel: 'test:a', body: [] }, now()));
    await pass();
    await pass();
    expect(posted).toHaveLength(1);
    fixture.store.change = change;
    vi.advanceTimersByTime(5_000);
    await deliver.idle();
    expect(fixture.store.outbox.waitingChannels()).toEqual([]);
    // Nothing is written of the first time: it may have come through.
    expect(posted.map(({ isDoubtful }) => isDoubtful)).toEqual([false, true]);
  } finally {
    vi.useRealTimers();
  }
});
