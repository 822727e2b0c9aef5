import { expect, onTestFinished, test } from 'vitest';

import type { Chat } from '../../src/bots/chat.ts';
import { createMeasures } from '../../src/db/measures.ts';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import { startDesk } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

/** A desk with a Slack that takes messages only while the test lets it. */
async function start() {
  const slack = { isUp: false, posted: 0 };
  const chat: Chat = {
    platform: 'slack',
    start: async () => {},
    stop: async () => {},
    async post() {
      if (!slack.isUp) throw new Error('slack.com can’t be reached');
      return String((slack.posted += 1));
    },
    edit: async () => {},
    isConnected: () => slack.isUp,
  };
  const runner = createFakeRunner();
  const desk = await startDesk({ runner, chats: [chat], settings: { concurrency: 1 } });
  onTestFinished(() => desk.stop());
  const disk = { fault: undefined as Error | undefined, tookMs: 20 };
  const metrics = createMetrics({
    measure: createMeasures(desk.db),
    connections: () =>
      new Map([
        ['web', true],
        ['slack', slack.isUp],
      ]),
    freeBytes: () => 123,
    tryWriting: async () => disk,
    now: desk.clock.now,
  });
  onTestFinished(() => metrics.stop());
  desk.store.onCommit((_alarms, facts) => metrics.took(facts));
  /** The value of one series; undefined where there is none. */
  const value = async (series: string): Promise<number | undefined> => {
    const line = (await metrics.render()).split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  return { ...desk, runner, metrics, value, slack, disk };
}

test('a job’s way is counted: due, queued, started, ended, told', async () => {
  const { say, clock, desk, runner, value } = await start();
  await say('schedule tidy the docs --project api --when "every 1 hour" --name tidy');
  clock.advance(3_600_000 + 2_000);
  expect(await value('nightdesk_runs{status="running"}')).toBe(1);
  expect(await value('nightdesk_occurrences_total{state="ran"}')).toBe(1);
  expect(await value('nightdesk_occurrence_lateness_seconds_count{until="queued"}')).toBe(1);
  expect(await value('nightdesk_occurrence_lateness_seconds_sum{until="started"}')).toBe(2);
  expect(await value('nightdesk_runs_ended_total{outcome="unverified"}')).toBe(0);
  runner.report();
  await desk.delivered();
  clock.advance(5_000);
  await desk.delivered();
  expect(await value('nightdesk_runs{status="running"}')).toBe(0);
  expect(await value('nightdesk_runs_ended_total{outcome="unverified"}')).toBe(1);
  expect(await value('nightdesk_attempts_ended_total{cause="unverified"}')).toBe(1);
  expect(await value('nightdesk_delivery_lag_seconds_count{platform="web"}')).toBeGreaterThan(1);
  expect(await value('nightdesk_deliveries_waiting{platform="web"}')).toBe(0);
});

test('a disk that can not be written, or is slow, is measured by writing a small file', async () => {
  const { value, disk } = await start();
  expect(await value('nightdesk_disk_writable')).toBe(1);
  expect(await value('nightdesk_disk_write_seconds')).toBe(0.02);
  Object.assign(disk, { fault: new Error('read-only file system'), tookMs: 4_500 });
  expect(await value('nightdesk_disk_writable')).toBe(0);
  expect(await value('nightdesk_disk_write_seconds')).toBe(4.5);
});

test('the queue has a length and an age', async () => {
  const { say, clock, value } = await start();
  for (const name of ['one', 'two', 'three']) await say(`schedule tidy --project api --when now --name ${name}`);
  clock.advance(1);
  clock.advance(90_000);
  expect(await value('nightdesk_queue_length')).toBe(2);
  expect(await value('nightdesk_runs{status="queued"}')).toBe(2);
  expect(await value('nightdesk_queue_oldest_age_seconds')).toBe(90);
});

test('what can’t be delivered is counted by its platform, with its age, until it is', async () => {
  const { say, clock, desk, value, slack } = await start();
  await say('schedule tidy --project api --when "every 1 hour" --name tidy', 'web:ada', 'slack:C1');
  await desk.delivered();
  clock.advance(500_000);
  await desk.delivered();
  expect(await value('nightdesk_chat_connected{platform="slack"}')).toBe(0);
  expect(await value('nightdesk_deliveries_waiting{platform="slack"}')).toBe(1);
  expect(await value('nightdesk_delivery_oldest_age_seconds{platform="slack"}')).toBe(500);
  expect(await value('nightdesk_deliveries_total{platform="slack",result="failed"}')).toBeGreaterThan(1);
  expect(await value('nightdesk_alerts{fault="delivery"}')).toBe(1);
  expect(await value('nightdesk_delivery_lag_seconds_count{platform="slack"}')).toBeUndefined();
  slack.isUp = true;
  clock.advance(600_000);
  await desk.delivered();
  clock.advance(600_000);
  await desk.delivered();
  expect(await value('nightdesk_chat_connected{platform="slack"}')).toBe(1);
  expect(await value('nightdesk_deliveries_waiting{platform="slack"}')).toBe(0);
  expect(await value('nightdesk_delivery_oldest_age_seconds{platform="slack"}')).toBe(0);
  expect(await value('nightdesk_delivery_lag_seconds_count{platform="slack"}')).toBe(1);
  expect(await value('nightdesk_delivery_lag_seconds_sum{platform="slack"}')).toBe(1_100);
  expect(await value('nightdesk_alerts{fault="delivery"}')).toBeUndefined();
});

test('a hold shows by its cause', async () => {
  const { store, clock, value } = await start();
  expect(await value('nightdesk_holds{cause="no-credit"}')).toBe(0);
  store.change((change) =>
    change.holds.insert({
      cause: 'no-credit',
      runId: 1,
      channel: 'web:general',
      since: clock.now(),
      until: null,
      isUntilKnown: false,
    }),
  );
  expect(await value('nightdesk_holds{cause="no-credit"}')).toBe(1);
});

test('a change that is taken back is not counted', async () => {
  const { say, store, value } = await start();
  await say('schedule tidy --project api --when "every 1 hour" --name tidy');
  const refused = (): void =>
    store.change((change) => {
      change.alerts.insert('disk', new Date());
      const job = { jobId: 1, dueAt: new Date() };
      change.occurrences.settle(job, 'missed', new Date());
      throw new Error('taken back');
    });
  expect(refused).toThrow('taken back');
  // Nor with the next one.
  store.change((change) => change.alarm(new Date()));
  expect(await value('nightdesk_occurrences_total{state="missed"}')).toBe(0);
});

test('of many that were missed those are counted that were not settled before', async () => {
  const { say, store, value } = await start();
  await say('schedule tidy --project api --when "every 1 hour" --name tidy');
  const hours = [1, 2, 3].map((hour) => new Date(Date.UTC(2026, 10, 22, hour)));
  store.change((change) => change.occurrences.settleMissed(1, hours.slice(1), new Date(), 'asleep'));
  store.change((change) => change.occurrences.settleMissed(1, hours, new Date(), 'asleep'));
  expect(await value('nightdesk_occurrences_total{state="missed"}')).toBe(3);
});

test('a store that can’t be read is told, and what is in it is not made up', async () => {
  const { metrics, value, db } = await start();
  db.$client.exec('ALTER TABLE holds RENAME TO elsewhere');
  expect(await value('nightdesk_store_up')).toBe(0);
  expect(await value('nightdesk_queue_length')).toBeUndefined();
  expect(await value('nightdesk_disk_free_bytes')).toBe(123);
  expect(await metrics.render()).toContain('process_resident_memory_bytes');
  db.$client.exec('ALTER TABLE elsewhere RENAME TO holds');
  expect(await value('nightdesk_store_up')).toBe(1);
  expect(await value('nightdesk_queue_length')).toBe(0);
});

test('names of people, jobs, projects and channels are in no series', async () => {
  const { say, clock, metrics, host } = await start();
  await say('schedule tidy --project api --when now --name secret-job', 'web:ada', 'slack:C1');
  host.gone.add('/projects/api');
  clock.advance(60_000);
  expect(await metrics.render()).not.toMatch(/secret-job|C1|ada\b|"api/);
});

test('a loop that is kept busy shows', async () => {
  const { value } = await start();
  const until = performance.now() + 700;
  while (performance.now() < until);
  await expect.poll(() => value('nightdesk_loop_delay_seconds_sum')).toBeGreaterThan(0.3);
});

test('every series has a line that says what it is, and every value of ours is a number', async () => {
  const { metrics } = await start();
  const lines = (await metrics.render()).split('\n').filter((line) => line !== '');
  const helped = new Set(lines.flatMap((line) => /^# HELP (\S+) \S/.exec(line)?.[1] ?? []));
  const series = lines.filter((line) => !line.startsWith('#'));
  const nameOf = (line: string): string => /^[a-z_0-9]+/.exec(line)?.[0].replace(/_(?:bucket|sum|count)$/, '') ?? '';
  expect(series.filter((line) => !helped.has(nameOf(line)))).toEqual([]);
  const ours = series.filter((line) => line.startsWith('nightdesk_'));
  expect(ours.length).toBeGreaterThan(50);
  expect(ours.filter((line) => Number.isNaN(Number(line.split(' ').at(-1))))).toEqual([]);
});
