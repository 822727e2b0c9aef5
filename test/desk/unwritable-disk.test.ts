import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../support/fake-runner.ts';
import { createStoredChat, type StoredChat } from '../support/stored-chat.ts';

let runner: FakeRunner;
let slack: StoredChat;
let fixture: DeskFixture;
const settings = {
  alerts: 'slack:C9',
  access: { admins: ['slack:U1', 'web:ada'], projects: {} },
};

beforeEach(async () => {
  runner = createFakeRunner();
  slack = createStoredChat();
  fixture = await startDesk({ runner, chats: [slack], settings });
});
afterEach(() => fixture.stop());

const minute = 60_000;
const readOnly = Object.assign(new Error('EROFS: read-only file system, open'), { code: 'EROFS' });

/** The store and the disk take nothing from now on. A reading lifts it for the store: to be called before each act. */
function refuseWrites(): void {
  fixture.db.$client.pragma('query_only = on');
  fixture.host.writeFault = readOnly;
}
function takeWrites(): void {
  fixture.db.$client.pragma('query_only = off');
  fixture.host.writeFault = undefined;
}
const say = (text: string) => fixture.desk.handlers.onText(text, slack.actor('slack:U1'));
const alerts = (): string[] => slack.texts('slack:C9');

test('that the store takes nothing is told once past it, and its end is told when all goes on by itself', async () => {
  await say('schedule do it --name tidy --accept "$ npm test"');
  refuseWrites();
  for (let times = 0; times < 3; times += 1) {
    expect(renderText((await say('run tidy')).message, 'UTC')).toContain(
      "The disk of the host is full or can't be written",
    );
    fixture.clock.setTo(new Date(fixture.clock.now().getTime() + 2 * minute));
    await fixture.desk.delivered();
  }
  const begin = [
    "💾 The disk of box can't be written: `attempt to write a readonly database`.",
    'Nothing is taken and no run starts until it can be. Runs at work go on, and what they did is told then; all goes on by itself.',
    '`nightdesk doctor` on the host says more; its system log may say why.',
  ].join('\n');
  expect(alerts()).toEqual([begin]);

  takeWrites();
  expect(renderText((await say('run tidy')).message, 'UTC')).toContain('r1');
  fixture.clock.advance(minute);
  await fixture.settle();
  expect(alerts()).toEqual([
    begin,
    '▶️ The disk of box can be written again. It could not be since Mon 23 Nov 2026, 08:00 UTC.',
  ]);
  fixture.clock.advance(1);
  expect(runner.started.map(({ attemptId }) => attemptId)).toEqual(['r1-1']);
  expect(fixture.store.alerts.active()).toEqual([]);
});

test('what fell due while the store took nothing is told as that, and not as downtime', async () => {
  await say('schedule do it --name tidy --when hourly --catch-up-within 90m');
  await fixture.settle();
  refuseWrites();
  for (const hour of ['09', '10', '11', '12']) {
    fixture.clock.setTo(new Date(`2026-11-23T${hour}:00:00Z`));
    // As the clock that rings can't claim an alarm.
    fixture.desk.noticed(Object.assign(new Error('attempt to write a readonly database'), { code: 'SQLITE_READONLY' }));
    await fixture.desk.delivered();
  }
  takeWrites();
  fixture.clock.moveTo(new Date('2026-11-23T12:05:00Z'));
  await fixture.settle();
  expect(slack.texts('slack:C1').join('\n')).toMatch(
    /⏭️ tidy was due .*12:00 UTC while the store could not be written; its run is in the queue\. It missed 3 occurrences: .*11:00 UTC\./,
  );
  expect(fixture.store.occurrences.notRun(1, 10).map(({ reason }) => reason)).toEqual(
    Array.from({ length: 3 }, () => 'the store could not be written'),
  );
  await fixture.desk.delivered();
  fixture.clock.moveTo(new Date('2026-11-23T15:05:00Z'));
  expect(fixture.store.occurrences.notRun(1, 2).map(({ reason }) => reason)).toContain('nightdesk was not running');
});

test('where it could not be told past the store, it is told when it is over', async () => {
  slack.fail = () => new Error('no network');
  refuseWrites();
  await say('schedule do it');
  await fixture.desk.delivered();
  takeWrites();
  slack.fail = () => undefined;
  fixture.clock.advance(minute);
  await fixture.settle();
  expect(alerts()).toEqual([
    '▶️ The disk of box can be written again. It could not be since Mon 23 Nov 2026, 08:00 UTC.',
  ]);
  expect(fixture.store.alerts.active()).toEqual([]);
});

test('where it could not be told past the store, and there is too little room still, that is told as soon as it can be', async () => {
  slack.fail = () => new Error('no network');
  refuseWrites();
  fixture.host.freeBytes = 0;
  await say('schedule do it');
  await fixture.desk.delivered();
  takeWrites();
  slack.fail = () => undefined;
  for (let times = 0; times < 2; times += 1) {
    fixture.clock.advance(minute);
    await fixture.settle();
  }
  expect(alerts()).toEqual([expect.stringContaining('💾 The disk of box is full: 0 MB free')]);
  fixture.host.freeBytes = 1e12;
  fixture.clock.advance(5 * minute);
  await fixture.settle();
  expect(alerts().slice(1)).toEqual([expect.stringContaining('▶️ The disk of box has room again')]);
});

test('a clock that is set back does not keep it from being tried again', async () => {
  slack.fail = () => new Error('no network');
  refuseWrites();
  await say('schedule do it');
  await fixture.desk.delivered();
  slack.fail = () => undefined;
  fixture.clock.setTo(new Date(fixture.clock.now().getTime() - 60 * minute));
  await say('schedule do it');
  await fixture.desk.delivered();
  expect(alerts()).toHaveLength(1);
});

test('a disk that is found to take nothing before anybody met it lets no run start, and says so', async () => {
  await say('schedule do it --name tidy --accept "$ npm test"');
  fixture.host.writeFault = readOnly;
  fixture.clock.advance(minute);
  await fixture.settle();
  await say('run tidy');
  expect(runner.started).toEqual([]);
  await fixture.settle();
  expect(slack.texts('slack:C1').join('\n')).toContain(
    "waits: the disk of box can't be written; it goes on by itself when that is mended",
  );
  expect(alerts()[0]).toContain("The disk of box can't be written: `EROFS: read-only file system, open`");
  fixture.host.writeFault = undefined;
  fixture.clock.advance(5 * minute);
  await fixture.settle();
  fixture.clock.advance(1);
  expect(runner.started.map(({ attemptId }) => attemptId)).toEqual(['r1-1']);
});

test('a disk that fills up after it could be written again is told as one that is full', async () => {
  fixture.host.writeFault = readOnly;
  fixture.clock.advance(minute);
  await fixture.settle();
  fixture.host.writeFault = undefined;
  fixture.clock.advance(5 * minute);
  await fixture.settle();
  expect(alerts()).toHaveLength(2);
  fixture.host.freeBytes = 0;
  await say('schedule do it --name tidy');
  await say('run tidy');
  await fixture.settle();
  expect(alerts()[2]).toContain('💾 The disk of box is full: 0 MB free, and 1.0 GB is the least.');
  expect(slack.texts('slack:C1').join('\n')).toContain('waits: there is too little room on the disk of box');
  fixture.host.freeBytes = 1e12;
  fixture.clock.advance(5 * minute);
  await fixture.settle();
  expect(alerts().at(-1)).toContain('▶️ The disk of box has room again');
});

test('a disk that is full to the last byte as it is looked at again is looked at five minutes after that', async () => {
  const { store, db, clock, host, desk } = fixture;
  const alarms = db.$client
    .prepare('SELECT count(*) FROM agenda_jobs WHERE next_run_at > ? AND next_run_at <= ?')
    .pluck();
  host.freeBytes = 0;
  clock.advance(minute);
  await fixture.settle();
  expect(alerts()).toHaveLength(1);
  const { change } = store;
  // Where there is no room, it is the commit that fails.
  store.change = (fn) =>
    change((writers) => {
      fn(writers);
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    });
  expect(() => clock.advance(5 * minute)).toThrow('steps failed');
  await desk.delivered();
  store.change = change;
  // The ring that failed comes again. There is a little room, and not enough.
  clock.advance(10_000);
  await fixture.settle();
  expect(store.alerts.active().map(({ key }) => key)).toEqual(['disk']);
  const at = clock.now().getTime();
  expect(alarms.get(at, at + 5 * minute)).toBe(1);
});

test('a disk that is slow twice in a row is told once, and so is its end', async () => {
  for (const writeMs of [9_000, 1, 3_000, 4_200, 2_000, 5_000, 6_000]) {
    fixture.host.writeMs = writeMs;
    fixture.clock.advance(6 * minute);
    await fixture.settle();
  }
  expect(alerts()).toEqual([
    [
      '🐌 The disk of box is slow: a small file took 3.0 s to be written.',
      'Nothing is lost, but answers come late, and a chat may say that nothing answered.',
      'Look for what keeps it busy, or set `dataDirectory` in nightdesk.yaml to another disk.',
    ].join('\n'),
  ]);
  fixture.host.writeMs = 20;
  fixture.clock.advance(6 * minute);
  await fixture.settle();
  expect(alerts().at(-1)).toBe('▶️ The disk of box is quick again.');
});

test('a mention that only reads is answered while nothing can be written; one that acts is refused in words', async () => {
  await say('schedule do it --name tidy --accept "$ npm test"');
  await say('run tidy');
  await fixture.desk.delivered();
  const ref = slack.posted.find(({ key }) => key === 'run:1')?.ref;
  const mention = async (text: string) => {
    refuseWrites();
    const reply = await fixture.desk.handlers.onMention(text, ref, slack.actor('slack:U1'));
    return renderText(reply.message, 'UTC');
  };
  expect(await mention('status')).toContain('⏳ tidy r1');
  expect(await mention('attempts')).toContain('attempt 1: running');
  expect(await mention('help')).toContain('`retry [note]`');
  expect(await mention('retry')).toBe('`r1` is running: it can be retried when it has ended. `cancel r1` ends it.');
  runner.report();
  await fixture.settle();
  expect(await mention('retry')).toContain("The disk of the host is full or can't be written: nothing was changed");
  takeWrites();
});

describe('a run is cancelled while nothing can be written', () => {
  const asker = (who: string) => {
    refuseWrites();
    return slack.actor(who);
  };
  const cancel = async (target: string, who = 'slack:U1') => {
    const { message } = await fixture.desk.handlers.onCommand({ name: 'cancel', target }, asker(who));
    return renderText(message, 'UTC');
  };
  const told = (): string => slack.texts('slack:C1').join('\n');
  const minutes = async (count: number): Promise<void> => {
    fixture.clock.advance(count * minute);
    await fixture.settle();
  };
  beforeEach(async () => {
    await say('schedule do it --name tidy --accept "$ npm test" --retries 3');
    await say('run tidy');
    await fixture.settle();
    // Behind the reading in which it was found out who may.
    const { cancel: note } = runner;
    runner.cancel = (attemptId) => {
      note(attemptId);
      if (fixture.host.writeFault !== undefined) refuseWrites();
    };
  });

  test('at once; who did it is written down and told before its end is', async () => {
    expect(await cancel('r1')).toBe(
      [
        '🛑 tidy r1 is being cancelled.',
        "The disk of the host is full or can't be written: this is written down, and told in its thread, when it can be.",
      ].join('\n'),
    );
    expect(runner.cancelled).toEqual(['r1-1']);
    expect(await cancel('tidy')).toContain('is being cancelled.');
    expect(runner.cancelled).toEqual(['r1-1']);
    expect(fixture.store.runs.get(1)).toMatchObject({ status: 'running', cancelledBy: null });

    takeWrites();
    runner.report({ isCancelled: true });
    await minutes(1);
    expect(fixture.store.runs.get(1)).toMatchObject({ status: 'cancelled', cancelledBy: 'slack:U1' });
    expect(told()).toContain('🛑 tidy r1 cancelled by @U1 after 1 s');
    // Before what its end has to tell.
    expect(told()).toMatch(/cancels this run[^]*Claude says: Done/);
    expect(told().match(/cancels this run/g)).toHaveLength(1);
    expect(fixture.store.audit.list().slice(-1)).toMatchObject([{ act: 'cancel', person: 'slack:U1', target: 'r1' }]);
    expect(runner.started).toHaveLength(1);
  });

  test('and where its attempt is slow to end, that is written down as soon as it can be', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await cancel('r1');
    vi.advanceTimersByTime(1_000);
    expect(fixture.store.runs.get(1)).toMatchObject({ cancelledBy: null });
    takeWrites();
    vi.advanceTimersByTime(2_000);
    expect(fixture.store.runs.get(1)).toMatchObject({ status: 'running', cancelledBy: 'slack:U1' });
    expect(runner.cancelled).toEqual(['r1-1']);
  });

  test('and a store that is locked as it takes writes again keeps it from being written down for a moment alone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await cancel('r1');
    takeWrites();
    const { change } = fixture.store;
    fixture.store.change = () => {
      throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
    };
    vi.advanceTimersByTime(1_000);
    fixture.store.change = change;
    expect(fixture.store.runs.get(1)).toMatchObject({ cancelledBy: null });
    vi.advanceTimersByTime(2_000);
    expect(fixture.store.runs.get(1)).toMatchObject({ status: 'running', cancelledBy: 'slack:U1' });
  });

  test('where it ended by itself first, nothing is written down of it', async () => {
    await cancel('r1');
    takeWrites();
    fixture.store.change((change) => change.runs.update(1, { status: 'succeeded', endedAt: fixture.clock.now() }));
    runner.report();
    await minutes(1);
    expect(fixture.store.runs.get(1)).toMatchObject({ status: 'succeeded', cancelledBy: null });
    expect(told()).not.toContain('cancels this run');
  });

  test('only by those who may', async () => {
    expect(await cancel('r1', 'slack:U2')).toContain('There is no run `r1`');
    expect(runner.cancelled).toEqual([]);
    takeWrites();
  });

  test('by a mention in its thread too', async () => {
    const ref = slack.posted.find(({ key }) => key === 'run:1')?.ref;
    const { message } = await fixture.desk.handlers.onMention('cancel', ref, asker('slack:U1'));
    expect(renderText(message, 'UTC')).toContain('🛑 tidy r1 is being cancelled.');
    expect(runner.cancelled).toEqual(['r1-1']);
    takeWrites();
  });

  test('one that waits is left waiting, with the reason', async () => {
    fixture.host.freeBytes = 0;
    await say('schedule do it --name other');
    await say('run other');
    expect(await cancel('r2')).toBe(
      "`r2` is queued: nothing of it is at work. The disk of the host is full or can't be written, so that can't be changed now; no run starts before it can be.",
    );
    expect(runner.cancelled).toEqual([]);
    takeWrites();
  });
});

test('readiness says that the disk can not be written, or is slow', async () => {
  const look = async () => {
    const looking = fixture.desk.lookReady();
    fixture.clock.advance(1);
    return (await looking)['disk'];
  };
  fixture.host.writeFault = readOnly;
  expect(await look()).toEqual({ isOk: false, why: "it can't be written (EROFS)" });
});

test('who asked is answered before anything that follows is sent', async () => {
  const order: string[] = [];
  slack.fail = () => void order.push('sent');
  await say('schedule do it --name tidy');
  order.push('answered');
  await fixture.desk.delivered();
  expect(order).toEqual(['answered', 'sent']);
});
