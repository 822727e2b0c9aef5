import { afterEach, beforeEach, expect, test } from 'vitest';

import { plannedInstants, startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';

const passing = { checksAfter: [fakeCheck('npm test', 0)] };
const failing = { checksAfter: [fakeCheck('npm test', 1)] };
const digest = { time: { hour: 8, minute: 0 }, zone: 'Europe/Berlin', channels: ['web:general'] };

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(() => {
  runner = createFakeRunner();
});
afterEach(() => fixture.stop());

async function start(at: string, change: Partial<typeof digest> = {}): Promise<void> {
  fixture = await startDesk({ runner, start: new Date(at), settings: { digest: { ...digest, ...change } } });
}

/** Stops nightdesk and starts it again at `at`. */
async function sleepUntil(at: string, change: Partial<typeof digest> = {}): Promise<void> {
  const { directory } = fixture;
  await fixture.stop({ keep: true });
  runner = createFakeRunner();
  const settings = { digest: { ...digest, ...change } };
  fixture = await startDesk({ runner, directory, start: new Date(at), settings });
}

/** Moves time as the bell does: to every alarm that is written, in order, up to `at`. */
function liveUntil(at: string): void {
  const end = new Date(at);
  for (;;) {
    const next = [...plannedInstants(fixture), ...fixture.store.digests.instants()]
      .filter((instant) => instant > fixture.clock.now() && instant <= end)
      .sort((one, other) => one.getTime() - other.getTime())[0];
    if (next === undefined) break;
    fixture.clock.moveTo(next);
  }
  fixture.clock.moveTo(end);
}

/** The first lines of the digests in a channel. */
async function digests(channel = 'web:general'): Promise<string[]> {
  return (await fixture.told(channel)).split('\n').filter((line) => /^(?:Night to|\w+day, )/.test(line));
}

test('over several days the digest comes once a morning, with what ended since the last one', async () => {
  await start('2026-11-20T09:00:00Z');
  await fixture.say(
    'schedule tidy up --when "every day at 2am" --zone UTC --name tidy --accept "$ npm test" --retries 0',
  );
  liveUntil('2026-11-21T02:00:00Z');
  runner.report(passing);
  liveUntil('2026-11-22T02:00:00Z');
  runner.report(failing);
  liveUntil('2026-11-23T02:00:00Z');
  liveUntil('2026-11-23T07:30:00Z');
  runner.report(passing);
  await fixture.say('delete tidy');
  liveUntil('2026-11-25T07:30:00Z');
  expect(await digests()).toEqual([
    'Night to Saturday: 1 run · 1 succeeded · about $0.50',
    'Night to Sunday: 1 run · 1 failed · about $0.50',
    'Night to Monday: 1 run · 1 running',
    'Night to Tuesday: 1 run · 1 succeeded · about $0.50',
    'Night to Wednesday: no runs. Nothing was due.',
  ]);
  expect(await fixture.told()).toContain('❌ tidy r2 (http://127.0.0.1:7433/runs/r2) failed: `npm test` exits 1');
});

test('each channel gets its own jobs, and one that is not named gets none', async () => {
  await start('2026-11-22T20:00:00Z', { channels: ['web:general', 'web:docs'] });
  for (const channel of ['general', 'docs', 'quiet']) {
    await fixture.say(`schedule do it --name ${channel} --accept "$ npm test"`, 'web:ada', `web:${channel}`);
    await fixture.say(`run ${channel}`, 'web:ada', `web:${channel}`);
    runner.report(passing);
  }
  liveUntil('2026-11-23T07:00:00Z');
  expect(await digests()).toEqual(['Night to Monday: 1 run · 1 succeeded · about $0.50']);
  expect(await fixture.told('web:docs')).toContain('✅ docs r2 (http://127.0.0.1:7433/runs/r2) succeeded');
  expect(await digests('web:quiet')).toEqual([]);
});

test('without channels there is no digest', async () => {
  await start('2026-11-22T20:00:00Z', { channels: [] });
  liveUntil('2026-11-25T20:00:00Z');
  expect(await fixture.told()).toBe('');
});

test('skipped and missed occurrences are counted', async () => {
  await start('2026-11-23T01:30:00Z');
  await fixture.say('schedule tidy up --when hourly --name tidy');
  liveUntil('2026-11-23T03:30:00Z');
  const { directory } = fixture;
  await fixture.stop({ keep: true });
  fixture = await startDesk({
    runner: createFakeRunner(),
    directory,
    start: new Date('2026-11-23T06:30:00Z'),
    settings: { digest },
  });
  liveUntil('2026-11-23T07:00:00Z');
  const told = await fixture.told();
  expect(told).toContain('Night to Monday: 1 run · 1 running · 3 skipped · 2 missed');
  expect(told).toContain('⏭️ tidy 2 missed: nightdesk was not running · 3 skipped: r1 was still running');
});

test('a digest that is due after a long downtime waits until all of it is settled', async () => {
  await start('2026-11-22T07:00:00Z');
  await fixture.say('schedule tidy up --when "* * * * *" --name tidy');
  fixture.clock.moveTo(new Date('2026-11-26T07:05:00Z'));
  fixture.clock.advance(0);
  expect(await digests()).toEqual(['Night to Thursday: 1 run · 1 running · 1444 missed']);
});

test('a restart and a bell that rings again tell no digest twice', async () => {
  await start('2026-11-22T20:00:00Z');
  liveUntil('2026-11-23T07:00:00Z');
  fixture.clock.moveTo(new Date('2026-11-23T07:00:00Z'));
  await sleepUntil('2026-11-23T07:00:10Z');
  liveUntil('2026-11-23T12:00:00Z');
  expect(await digests()).toEqual(['Night to Monday: no runs. Nothing was due.']);
});

test('a clock that is set back tells no digest twice', async () => {
  await start('2026-11-22T20:00:00Z');
  liveUntil('2026-11-23T07:00:05Z');
  fixture.clock.moveTo(new Date('2026-11-23T05:00:00Z'));
  await sleepUntil('2026-11-23T05:30:00Z');
  liveUntil('2026-11-23T12:00:00Z');
  expect(await digests()).toHaveLength(1);
  liveUntil('2026-11-24T07:00:00Z');
  expect(await digests()).toHaveLength(2);
});

test.each([
  ['in the middle of a day, told nothing', '2026-11-26T15:00:00Z'],
  ['when a digest was due, told it', '2026-11-26T07:00:00Z'],
])('a clock that jumps days ahead and back, %s, leaves no morning without its digest', async (_what, wrong) => {
  await start('2026-11-22T20:00:00Z');
  await fixture.say('schedule tidy up --when "every day at 2am" --zone UTC --name tidy --catch-up skip');
  fixture.clock.moveTo(new Date(wrong));
  fixture.clock.moveTo(new Date('2026-11-22T20:10:00Z'));
  const before = await digests();
  for (const night of ['23', '24', '25', '26', '27']) {
    liveUntil(`2026-11-${night}T02:00:00Z`);
    runner.report(passing);
    liveUntil(`2026-11-${night}T07:00:00Z`);
  }
  expect((await digests()).slice(before.length)).toEqual(
    ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].map(
      (day) => `Night to ${day}: 1 run · 1 succeeded · about $0.50`,
    ),
  );
});

test('a clock that begins years back and is set right tells of no run that was told', async () => {
  await start('2026-11-20T20:00:00Z');
  await fixture.say('schedule tidy up --name tidy');
  await fixture.say('run tidy');
  runner.report(passing);
  liveUntil('2026-11-21T07:00:00Z');
  await sleepUntil('2000-01-01T00:00:00Z');
  fixture.clock.moveTo(new Date('2026-11-22T07:00:00Z'));
  expect(await digests()).toEqual([
    expect.stringMatching(/^Night to Saturday: 1 run/),
    'Night to Sunday: no runs. Nothing was due.',
  ]);
});

test('a digest that the host slept through is sent up to four hours late, with its true span', async () => {
  await start('2026-11-20T09:00:00Z');
  liveUntil('2026-11-22T08:00:00Z');
  await sleepUntil('2026-11-23T10:59:00Z');
  expect((await digests()).at(-1)).toBe(
    'Night to Monday (from Sun 22 Nov 2026, 07:00 UTC to Mon 23 Nov 2026, 10:59 UTC): no runs. Nothing was due.',
  );
  liveUntil('2026-11-24T07:00:00Z');
  expect((await digests()).at(-1)).toMatch(/^Night to Tuesday.*: no runs/);
  expect(await digests()).toHaveLength(4);
});

test('a digest that is later than that is left out, and the next one covers its time', async () => {
  await start('2026-11-19T09:00:00Z');
  liveUntil('2026-11-20T08:00:00Z');
  await sleepUntil('2026-11-23T12:00:00Z');
  expect(await digests()).toHaveLength(1);
  liveUntil('2026-11-24T07:00:00Z');
  expect(await digests()).toEqual([
    'Night to Friday: no runs. Nothing was due.',
    'Night to Tuesday (from Fri 20 Nov 2026, 07:00 UTC to Tue 24 Nov 2026, 07:00 UTC): no runs. Nothing was due.',
  ]);
});

test.each([
  ['skips', '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', ['2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z']],
  ['repeats', '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z', ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z']],
])('in the hour that a zone %s the digest comes once a day', async (_what, from, to, expected) => {
  await start(from, { time: { hour: 2, minute: 30 } });
  liveUntil(to);
  await fixture.told();
  const sent = fixture.db.$client
    .prepare<[], { key: string }>(`SELECT key FROM messages WHERE key LIKE 'digest:%' ORDER BY sequence`)
    .all();
  expect(sent.map(({ key }) => new Date(Number(key.split(':').at(-1))).toISOString().replace('.000Z', 'Z'))).toEqual(
    expected,
  );
});

test('a digest whose time is changed comes at the new time', async () => {
  await start('2026-11-22T20:00:00Z');
  await sleepUntil('2026-11-22T21:00:00Z', { time: { hour: 10, minute: 15 } });
  liveUntil('2026-11-23T09:14:00Z');
  expect(await digests()).toEqual([]);
  liveUntil('2026-11-23T09:15:00Z');
  expect(await digests()).toHaveLength(1);
});

test('the alarm of the next digest is written with it', async () => {
  await start('2026-11-22T20:00:00Z');
  const alarms = (): string[] =>
    fixture.db.$client
      .prepare<[], { at: number }>('SELECT next_run_at AS at FROM agenda_jobs')
      .all()
      .map(({ at }) => new Date(at).toISOString());
  expect(alarms()).toContain('2026-11-23T07:00:00.000Z');
  fixture.clock.moveTo(new Date('2026-11-23T07:00:00Z'));
  expect(alarms()).toContain('2026-11-24T07:00:00.000Z');
});

test('a digest that a reload of the configuration adds comes the next morning', async () => {
  await start('2026-11-22T09:00:00Z');
  const settings = fixture.settings;
  const { channels } = settings.digest;
  settings.digest = { ...settings.digest, channels: [] };
  fixture.desk.reconsider();
  liveUntil('2026-11-23T12:00:00Z');
  expect(await digests()).toEqual([]);
  settings.digest = { ...settings.digest, channels };
  fixture.desk.reconsider();
  liveUntil('2026-11-24T12:00:00Z');
  expect(await digests()).toHaveLength(1);
});
