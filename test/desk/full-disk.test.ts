import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from '../support/fake-runner.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';

let runner: FakeRunner;
let fixture: DeskFixture;
afterEach(() => fixture.stop());

async function start(directory?: string): Promise<void> {
  runner = createFakeRunner();
  fixture = await startDesk({ runner, ...(directory === undefined ? {} : { directory }) });
}

const minutes = (count: number): void => fixture.clock.advance(count * 60_000);
const isWhole = () => fixture.db.$client.pragma('integrity_check', { simple: true });
const full =
  "The disk of the host is full or can't be written: nothing was changed, and nothing new is taken until it can be. `nightdesk doctor` on the host says what to do.";
const schedule = (name: string) => fixture.say(`schedule do ${name} ${'and more '.repeat(800)} --name ${name}`);

async function scheduleUntilRefused(): Promise<string> {
  for (let number = 1; number < 200; number += 1) {
    const answer = await schedule(`job-${number}`);
    if (!answer.includes('scheduled by')) return answer;
  }
  throw new Error('the disk was never full');
}

/** What was running goes on: it ends, is told, and what waited starts, all by itself. */
async function goOn(): Promise<void> {
  runner.report();
  minutes(11);
  await fixture.settle();
  minutes(1);
  expect(await fixture.told()).toContain('first r1 ');
  expect(await fixture.say('run second')).toContain('r2');
  // A fault that was met is believed for five minutes.
  minutes(11);
  expect(runner.started.map(({ attemptId }) => attemptId)).toEqual(['r1-1', 'r2-1']);
  expect(isWhole()).toBe('ok');
}

test('a store that is full refuses commands in words, harms nothing, and takes them again once there is room', async () => {
  await start();
  await fixture.say('schedule do it --name second');
  await fixture.say('schedule do it --name first --accept "$ npm test"');
  await fixture.say('run first');
  expect(runner.started).toHaveLength(1);
  const { $client: client } = fixture.db;
  client.pragma(`max_page_count = ${Number(client.pragma('page_count', { simple: true })) + 4}`);
  expect(await scheduleUntilRefused()).toBe(full);
  expect(isWhole()).toBe('ok');
  expect(await fixture.say('list')).toContain('second');
  client.pragma('max_page_count = 1073741823');
  await goOn();
});

test.skipIf(!canMount)('on a disk that is really full the same holds', async () => {
  const disk = smallDisk(4);
  const directory = join(disk.folder, 'data');
  mkdirSync(directory);
  await start(directory);
  await fixture.say('schedule do it --name second');
  await fixture.say('schedule do it --name first --accept "$ npm test"');
  await fixture.say('run first');
  disk.fill();
  expect(await scheduleUntilRefused()).toBe(full);
  expect(isWhole()).toBe('ok');
  expect(await fixture.say('list')).toContain('second');
  disk.makeRoom();
  await goOn();
});

test('a store that became read-only refuses commands in words, and nothing comes down', async () => {
  await start();
  await fixture.say('schedule do it --name second');
  await fixture.say('schedule do it --name first --accept "$ npm test"');
  await fixture.say('run first');
  fixture.db.$client.pragma('query_only = on');
  expect(await schedule('third')).toBe(full);
  // The bell rings such a step again.
  expect(() => minutes(5)).toThrow('steps failed');
  fixture.db.$client.pragma('query_only = off');
  await goOn();
});
