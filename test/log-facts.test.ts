import { expect, onTestFinished, test } from 'vitest';

import pino from 'pino';

import { createFactLog } from '../src/log-facts.ts';
import { startDesk } from './support/desk-fixture.ts';
import { createFakeRunner } from './support/fake-runner.ts';

async function start() {
  const runner = createFakeRunner();
  const desk = await startDesk({ runner });
  onTestFinished(() => desk.stop());
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'debug', base: null, timestamp: false },
    { write: (text) => void lines.push(JSON.parse(text)) },
  );
  const tell = createFactLog(log);
  desk.store.onCommit((_alarms, facts) => tell(facts));
  return { ...desk, runner, lines };
}

test('each line about a run has its run, job and channel, and its attempt where there is one', async () => {
  const { say, clock, desk, runner, lines } = await start();
  await say('schedule tidy --project api --when now --name tidy');
  clock.advance(1);
  runner.report();
  await desk.delivered();
  const known = { run: 'r1', job: 'tidy', channel: 'web:general' };
  const info = lines.filter(({ level }) => level === 30);
  expect(info).toMatchObject([
    { ...known, msg: 'A run is queued', trigger: 'schedule' },
    { ...known, attempt: 'r1-1', msg: 'An attempt has started' },
    { ...known, attempt: 'r1-1', msg: 'A run is running', from: 'queued' },
    { ...known, attempt: 'r1-1', msg: 'An attempt has ended', cause: 'unverified' },
    { ...known, attempt: 'r1-1', msg: 'A run has ended', status: 'unverified', from: 'running' },
  ]);
  expect(lines).toContainEqual({ level: 20, run: 'r1', channel: 'web:general', key: 'run:1', msg: 'Delivered' });
});

test('what is refused and rolled back stands in no line', async () => {
  const { say, lines } = await start();
  await say('run no-such-job');
  expect(lines.filter(({ msg }) => String(msg).startsWith('A run'))).toEqual([]);
});

test('an occurrence that did not run is told with its reason', async () => {
  const { say, clock, lines } = await start();
  await say('schedule tidy --project api --when "every 1 hour" --name tidy');
  clock.advance(3_600_000);
  clock.advance(3_600_000);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 30,
      job: 'tidy',
      channel: 'web:general',
      state: 'skipped',
      reason: 'r1 was still running',
    }),
  );
});

test('a fault of the host is a warning while it begins, and an end that is told', async () => {
  const { clock, desk, host, lines, settle } = await start();
  host.gone.add('/projects/api');
  desk.reconsider();
  await settle();
  host.gone.clear();
  clock.advance(300_000);
  await settle();
  const told = lines.filter(({ fault }) => fault === 'project:api');
  expect(told.map(({ level, msg }) => [level, msg])).toEqual([
    [40, 'A fault of the host has begun'],
    [30, 'A fault of the host is over'],
  ]);
});
